// A file on its way: how much has left, then that it is being read. Without script the browser says it itself.
(function () {
  "use strict";
  document.addEventListener("htmx:xhr:progress", function (event) {
    var form = event.target.closest("[data-am-upload]");
    var bar = form && form.querySelector("progress");
    if (!bar || !event.detail.lengthComputable) {
      return;
    }
    var words = form.querySelector("[data-am-upload-words]");
    if (event.detail.loaded < event.detail.total) {
      bar.value = Math.round((100 * event.detail.loaded) / event.detail.total);
    } else {
      bar.removeAttribute("value");
      words.textContent = words.dataset.amReading;
    }
  });
})();
