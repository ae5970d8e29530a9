// Runs before anything is drawn, so that nothing flashes. A classic script for that reason.
"use strict";
{
  const KEY = "myrmidon.theme";
  const root = document.documentElement;

  const stored = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage is switched off
    }
  };

  const apply = theme => {
    if (theme === "light" || theme === "dark") {
      root.dataset.theme = theme;
    } else {
      delete root.dataset.theme;
    }
  };

  const told = () => document.dispatchEvent(new Event("themechange"));

  apply(stored());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", told);
  document.addEventListener("DOMContentLoaded", () => {
    const select = document.getElementById("theme");
    select.value = root.dataset.theme ?? "system";
    select.addEventListener("change", () => {
      try {
        localStorage.setItem(KEY, select.value);
      } catch {
        // then it holds until the page is left
      }
      apply(select.value);
      told();
    });
  });
}
