// Makes one element like another with the fewest changes, so that a finger on a button keeps its button.

export function morph(from, to) {
  if (from.isEqualNode(to)) return;
  for (const { name, value } of [...to.attributes]) {
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name)) from.removeAttribute(name);
  }
  morphChildren(from, to);
}

export function morphChildren(from, to) {
  let cursor = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const mate = mateOf(wanted, cursor, from);
    if (!mate) {
      from.insertBefore(document.importNode(wanted, true), cursor);
      continue;
    }
    if (mate === cursor) cursor = cursor.nextSibling;
    else from.insertBefore(mate, cursor);
    if (mate.nodeType === Node.ELEMENT_NODE) morph(mate, wanted);
    else if (mate.data !== wanted.data) mate.data = wanted.data;
  }
  while (cursor) {
    const next = cursor.nextSibling;
    cursor.remove();
    cursor = next;
  }
}

// What becomes `wanted`: the child of the same id, or else the next one of the same kind that has none.
function mateOf(wanted, cursor, parent) {
  if (wanted.id) {
    return [...parent.children].find((child) => child.id === wanted.id && child.nodeName === wanted.nodeName);
  }
  return cursor && cursor.nodeName === wanted.nodeName && !cursor.id ? cursor : null;
}
