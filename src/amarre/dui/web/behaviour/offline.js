// What the server cannot say itself: that it was not reached. The words are in the page (#sans-reseau).
(function () {
  "use strict";
  function tell() {
    var words = document.getElementById("sans-reseau");
    var place = document.getElementById("messages");
    if (words && place && !place.querySelector("[data-am-offline]")) {
      place.prepend(words.content.cloneNode(true));
    }
  }
  function clear() {
    document.querySelectorAll("#messages [data-am-offline]").forEach(function (shown) {
      shown.remove();
    });
  }
  ["htmx:sendError", "htmx:timeout"].forEach(function (name) {
    document.addEventListener(name, tell);
  });
  document.addEventListener("htmx:afterOnLoad", clear);
  window.addEventListener("offline", tell);
  window.addEventListener("online", clear);
})();
