// Completes names while one types; everything else works without script.
"use strict";
const box = document.getElementById("q"), list = document.getElementById("names");
let links = new Map(), timer = 0, asked = 0;
box.addEventListener("input", () => {
  if (links.has(box.value)) { location.assign(links.get(box.value)); return; }
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const mine = ++asked;
    const reply = await fetch("/complete?" + new URLSearchParams({ q: box.value }));
    if (!reply.ok || mine !== asked) return;
    const found = await reply.json();
    links = new Map();
    list.replaceChildren(...found.map((e) => {
      const option = document.createElement("option");
      option.value = e.name === e.label ? e.name : `${e.name} · ${e.label}`;
      links.set(option.value, e.link);
      return option;
    }));
  }, 150);
});
