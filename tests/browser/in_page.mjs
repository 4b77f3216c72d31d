// Functions that run inside of a page: each is sent to the browser as its source text.

/** Text whose contrast with what is behind it is too low (WCAG 2.1, 1.4.3), as readable lines. */
export function lowContrast() {
  const channels = (css) => css.match(/[\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const background = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
      if (color[3] !== 0) throw new Error('a half transparent background');
    }
    return [255, 255, 255];
  };
  const bad = [];
  for (const element of document.body.querySelectorAll('*')) {
    const text = [...element.childNodes].filter((node) => node.nodeType === 3)
      .map((node) => node.data.trim()).join('');
    if (!text || element.getClientRects().length === 0) continue;
    const style = getComputedStyle(element);
    const inSvg = element.namespaceURI.endsWith('svg');
    const a = luminance(channels(inSvg ? style.fill : style.color));
    const b = luminance(background(inSvg ? element.closest('svg').parentElement : element));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) bad.push(`${ratio.toFixed(2)} ${element.className} ${text.slice(0, 40)}`);
  }
  return bad;
}

/** What a page that holds text only must not have, as readable lines. */
export function activeParts() {
  const bad = [];
  const active = 'script,iframe,frame,object,embed,applet,img,image,video,audio,source,link,base,form,'
    + 'input,button,textarea,select,foreignObject,use,animate,set,portal,template,math';
  for (const element of document.querySelectorAll(active)) bad.push(`<${element.localName}>`);
  for (const element of document.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on') || name === 'style' || name === 'title') bad.push(`${name}=${value}`);
      if (name.endsWith('href') && !value.startsWith('#')) bad.push(`${name}=${value}`);
    }
  }
  return bad;
}

/** Faults of structure that a screen reader's user would meet, as readable lines. */
export function structureFaults() {
  const bad = [];
  let level = 0;
  for (const heading of document.querySelectorAll('h1,h2,h3,h4,h5,h6')) {
    const next = Number(heading.localName[1]);
    if (next > level + 1) bad.push(`${heading.localName} after h${level}: ${heading.textContent.slice(0, 40)}`);
    level = next;
  }
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) bad.push(`id ${id} twice`);
  for (const link of document.querySelectorAll('a[href^="#"]')) {
    if (!ids.includes(link.hash.slice(1))) bad.push(`no target for ${link.hash}`);
  }
  for (const svg of document.querySelectorAll('svg:not([aria-hidden])')) bad.push(`picture without words ${svg.className.baseVal}`);
  if (document.querySelectorAll('main').length !== 1) bad.push('not one main');
  if (!document.documentElement.lang) bad.push('no language');
  return bad;
}
