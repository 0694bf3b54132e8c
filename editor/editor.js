// The query editor of the console: colours and completion over the form, which works without it.
// It stands in a shadow root, where the library's style goes in by script and so needs no leave of the page's policy.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { EditorState, StateField } from "@codemirror/state";
import { Decoration, EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const area = document.getElementById("query"), label = document.querySelector("label[for=query]");
const KEYWORDS = "SELECT DISTINCT WHERE FILTER OPTIONAL UNION MINUS VALUES BIND GRAPH FROM NAMED LIMIT OFFSET ASK CONSTRUCT DESCRIBE PREFIX EXISTS COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT STR LANG REGEX CONTAINS STRSTARTS COALESCE".split(" ").concat("ORDER BY", "GROUP BY", "HAVING");
const known = [
  ...JSON.parse(document.getElementById("terms").textContent).map(([name, kind, detail]) => ({ label: name, type: kind, detail })),
  ...KEYWORDS.map((name) => ({ label: name, type: "keyword", boost: -1 })),
];

function complete(context) {
  const word = context.matchBefore(/[?$]\w*|[\w-]+(?::[\w-]*)?/);
  if (!word && !context.explicit) return null;
  const from = word ? word.from : context.pos, text = context.state.doc.toString();
  if (/^[?$]/.test(word?.text ?? "")) {
    const names = new Set(text.slice(0, from).concat(" ", text.slice(context.pos)).match(/[?$]\w+/g));
    return { from, options: [...names].sort().map((name) => ({ label: name, type: "variable" })), validFor: /^[?$]\w*$/ };
  }
  return { from, options: known, validFor: /^[\w-]*:?[\w-]*$/ };
}

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: tags.standard(tags.variableName), color: "var(--accent)" },
  { tag: tags.atom, color: "var(--term)" },
  { tag: [tags.string, tags.number, tags.meta], color: "var(--string)" },
  { tag: tags.local(tags.variableName), color: "var(--variable)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
]);
const look = EditorView.theme({
  "&": { background: "var(--paper)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "8px", font: "13px/1.55 ui-monospace, 'SF Mono', Menlo, Consolas, monospace" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { font: "inherit", minHeight: "15em", maxHeight: "60vh" },
  ".cm-content": { padding: "9px 4px", caretColor: "var(--ink)" },
  ".cm-wrong": { background: "var(--mark)", boxShadow: "inset 3px 0 var(--wrong)" },
  ".cm-tooltip": { background: "var(--wash)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "8px", overflow: "hidden" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { font: "inherit", maxHeight: "14em", maxWidth: "min(34em, 88vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 10px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--accent)", color: "var(--paper)" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: ".8" },
  "&.cm-focused .cm-matchingBracket": { background: "var(--mark)" },
});

// The line that the server names in its refusal, as long as nothing is changed.
function wrong(state) {
  const line = Number(document.querySelector("[role=alert]")?.textContent.match(/line (\d+), column/)?.[1] ?? 0);
  return line && line <= state.doc.lines ? Decoration.set([Decoration.line({ class: "cm-wrong" }).range(state.doc.line(line).from)]) : Decoration.none;
}
const refused = StateField.define({
  create: wrong,
  update: (marks, change) => (change.docChanged ? Decoration.none : marks),
  provide: (field) => EditorView.decorations.from(field),
});

function run(view) {
  area.value = view.state.doc.toString();
  area.form.requestSubmit();
  return true;
}

const host = document.createElement("div");
host.className = "editor";
area.before(host);
const root = host.attachShadow({ mode: "open" });
const state = EditorState.create({
  doc: area.value,
  extensions: [
    keymap.of([{ key: "Mod-Enter", run }, ...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
    history(), bracketMatching(), closeBrackets(), EditorView.lineWrapping, refused, look, syntaxHighlighting(colours), StreamLanguage.define(sparql),
    autocompletion({ override: [complete], icons: false }),
    EditorView.contentAttributes.of({ "aria-label": label.textContent, autocapitalize: "off", spellcheck: "false" }),
    EditorView.updateListener.of((update) => { if (update.docChanged) area.value = update.state.doc.toString(); }),
  ],
});
const view = new EditorView({ parent: root, root, state });
area.hidden = true;
label.addEventListener("click", () => view.focus());
