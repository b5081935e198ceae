// A form pressed twice leaves once: the second press would answer that all is done already. Without script the
// server says so itself. htmx sends its own forms, and looks after them.
(function () {
  "use strict";
  var SECONDS = 5;
  var sent = new WeakSet();
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || (form.getAttribute("method") || "").toLowerCase() !== "post") {
      return;
    }
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    setTimeout(function () {
      sent.delete(form);
    }, SECONDS * 1000);
  });
  // A page the browser kept comes back as new.
  window.addEventListener("pageshow", function () {
    sent = new WeakSet();
  });
})();
