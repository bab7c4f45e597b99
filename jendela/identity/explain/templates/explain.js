// Draws the charts of the language that is shown, each once. No menu: it would offer to send them to a web site.
(function () {
  var numbers = { id: { decimal: ",", thousands: ".", grouping: [3], currency: ["Rp", ""], minus: "−" } };
  function draw() {
    var lang = document.getElementById("lang-en").checked ? "en" : "id";
    document.documentElement.lang = lang;
    document.querySelectorAll('div[lang="' + lang + '"] .chart:not(.drawn)').forEach(function (box) {
      var spec = JSON.parse(box.querySelector("script").textContent);
      box.classList.add("drawn");
      var place = document.createElement("div");
      box.appendChild(place);
      vegaEmbed(place, spec, { actions: false, renderer: "svg", formatLocale: numbers[lang] }).catch(function (error) {
        place.textContent = String(error);
      });
    });
  }
  document.querySelectorAll('input[name="lang"]').forEach(function (choice) { choice.addEventListener("change", draw); });
  if (location.hash === "#en") document.getElementById("lang-en").checked = true;
  draw();
})();
