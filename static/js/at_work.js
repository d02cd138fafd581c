// A page that shows work in the background looks again by itself, while somebody looks at it.
"use strict";

const PAUSE = 2000;
setTimeout(function look() {
  if (document.hidden) setTimeout(look, PAUSE);
  else location.replace(location.href);
}, PAUSE);
