/**
 * What models, datasets and servers may say to attack whoever reads it.
 *
 * @module
 */

/** One text, and what it is after. */
export interface HostileText {
  readonly name: string;
  readonly text: string;
}

/** What scripts in texts do when they run: pages are asked whether anybody did. */
export const MARK = "owned";

const RUN = `globalThis.${MARK}=1`;
const SERVER = "http://127.0.0.1:9";

/** The texts; `named` first so that a failure says which. */
export const CORPUS: readonly HostileText[] = [
  ...terminalTexts(),
  ...unicodeTexts(),
  ...markupTexts(),
  ...markdownTexts(),
  ...commandTexts(),
  ...tableTexts(),
];

function terminalTexts(): readonly HostileText[] {
  return [
    { name: "colours and the cursor", text: "\x1b[31mred\x1b[0m\x1b[2J\x1b[H\x1b[10Agone\x1b[K" },
    { name: "a window's title", text: "\x1b]0;pwned\x07\x1b]2;pwned\x1b\\" },
    { name: "a link", text: `\x1b]8;;${SERVER}/\x1b\\click\x1b]8;;\x1b\\` },
    { name: "the clipboard", text: "\x1b]52;c;cm0gLXJmIH4=\x07" },
    {
      name: "questions that a terminal answers",
      text: "\x1b[c\x1b[6n\x1bZ\x1b[>c\x1bP+q544e\x1b\\",
    },
    {
      name: "device control",
      text: "\x1bP0;0|17/ab\x1b\\\x1b_app\x1b\\\x1b^pm\x1b\\\x1bXsos\x1b\\",
    },
    { name: "modes and the other screen", text: "\x1b[?1049h\x1b[?25l\x1b[4h\x1b#8\x1bc\x1b(0lqk" },
    { name: "controls of eight bits", text: "\x9b2J\x9d0;t\x9c\x90q\x9c\x85\x84\x8d" },
    {
      name: "line ends of all kinds",
      text: "one\rtwo\r\nthree\nfour\u2028five\u2029six\vseven\f8",
    },
    { name: "overwriting by return", text: "PASS: all good\rFAIL" },
    { name: "backspaces, bells, tabs", text: "abc\b\b\bxyz\x07\x07\t\tend\x7f\x7f" },
    { name: "nothing", text: "\0a\0b\0" },
    { name: "an escape that goes on in what follows", text: "end\x1b" },
    { name: "an open string", text: "\x1b]0;never ended" },
  ];
}

function unicodeTexts(): readonly HostileText[] {
  return [
    { name: "overrides of direction", text: "user\u202E \u2066// admin\u2069 \u2066\u202Dabc" },
    { name: "marks of direction", text: "a\u200Eb\u200Fc\u061Cd\u202Ae\u202Bf\u202C" },
    { name: "letters from right to left", text: "שלום abc עולם 123 مرحبا" },
    { name: "nothing wide", text: "z\u200Be\u200Cr\u200Do\uFEFF\u2060w\u00ADi\u180Ed\u{E0041}e" },
    { name: "a flood of accents", text: `Z${"\u0301\u0316\u0489".repeat(300)}algo` },
    { name: "lone halves", text: "a\ud800b\udc00c\ud83d" },
    { name: "no characters", text: "a\ufffeb\uffffc\ufdd0d\u{1ffff}e" },
    { name: "wide emoji", text: "👩‍👩‍👧‍👦🏳️‍🌈👍🏽🇩🇪｜全角" },
    { name: "notes between lines", text: "a\ufff9b\ufffac\ufffbd" },
    { name: "one long line", text: "long ".repeat(2_000) },
    { name: "one long word", text: "w".repeat(25_000) },
    { name: "many lines", text: "line\n".repeat(60) },
  ];
}

function markupTexts(): readonly HostileText[] {
  return [
    { name: "the end of a script", text: `</script><script>${RUN}</script>` },
    { name: "the end of a script, spaced", text: `</script ><script >${RUN}</script\t/x>` },
    { name: "a comment in a script", text: `<!--<script>${RUN}//` },
    { name: "the end of CDATA", text: `]]><script>${RUN}</script><![CDATA[` },
    { name: "an image", text: `<img src="${SERVER}/i.png" onerror="${RUN}">` },
    { name: "a picture that is code", text: `<svg onload=${RUN}><script>${RUN}</script></svg>` },
    { name: "the end of an attribute", text: `" onfocus="${RUN}" autofocus="' onload='${RUN}` },
    {
      name: "frames and forms",
      text: `<iframe src="${SERVER}"></iframe><form action="${SERVER}">`,
    },
    {
      name: "a new base and a refresh",
      text: `<base href="${SERVER}"><meta http-equiv=refresh content=0>`,
    },
    { name: "styles", text: `</style><style>*{display:none;background:url(${SERVER})}</style>` },
    { name: "the end of a cell", text: "</td></tr></table></div></main><h1>forged</h1>" },
    { name: "entities", text: "&lt;b&gt;&amp;&#60;script&#62;&quot;&nbsp;&bogus;&#0;&#x1b;" },
    { name: "an entity of XML", text: '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;' },
    { name: "instructions of XML", text: "<?xml-stylesheet href='a'?><?php 1 ?>" },
    { name: "the end of a title", text: `</title></textarea></noscript><script>${RUN}</script>` },
    { name: "a template", text: "{{constructor.constructor('return 1')()}} ${1} <%= 1 %>" },
    { name: "keys of prototypes", text: "__proto__" },
  ];
}

function markdownTexts(): readonly HostileText[] {
  return [
    { name: "a link in Markdown", text: `[click](javascript:${RUN}) [a]: ${SERVER} "t"` },
    { name: "an image in Markdown", text: `![x](${SERVER}/i.png)` },
    { name: "addresses", text: `${SERVER} www.example.com <${SERVER}> me@example.com` },
    { name: "cells", text: "a | b | c\n| --- | --- |\n| d \\| e \\\\| f |" },
    { name: "ticks", text: "`a` ``b`` ```\n# forged\n``` `` `\\` |" },
    { name: "a fence", text: "```\n</code></pre>\n~~~\n# forged\n" },
    { name: "a heading", text: "# forged\n\nforged\n======\n\n* * *" },
    { name: "markup in Markdown", text: `*a* _b_ ~~c~~ <details open><summary>d</summary>` },
    {
      name: "a mention",
      text: "@octocat #1 GH-1 org/repo#2 :tada: 16c999e8c71134401a78d4d46435517b2271d6ac",
    },
    { name: "a formula", text: "$\\href{javascript:1}{x}$ $$\\unicode{x}$$" },
    { name: "ticks and bars at the ends", text: "`|\\" },
    { name: "a blank", text: " " },
  ];
}

function commandTexts(): readonly HostileText[] {
  return [
    { name: "an annotation", text: "::error file=a.ts,line=1,title=forged::forged" },
    { name: "an annotation behind a line", text: "fine\n::error::forged\r\n  ::warning::forged" },
    { name: "a mask", text: "::add-mask::a" },
    { name: "a variable", text: "::set-output name=a::b%0A::set-env name=PATH::/tmp" },
    { name: "the end of commands", text: "::stop-commands::token" },
    { name: "an older command", text: "text ##[error]forged ##[set-env name=a;]b" },
    {
      name: "commands of others",
      text: "##vso[task.setvariable variable=a]b ##teamcity[message text='a']",
    },
    { name: "escapes of commands", text: "%0A::error::forged %25 %3A,title=x::" },
  ];
}

function tableTexts(): readonly HostileText[] {
  return [
    { name: "a formula in a cell", text: `=HYPERLINK("${SERVER}","x")` },
    { name: "a call in a cell", text: "@SUM(1+1)*cmd|' /C calc'!A0" },
    { name: "signs in a cell", text: "+1+cmd|' /C calc'!A0" },
    { name: "a minus in a cell", text: "-2+3+cmd|' /C calc'!A0" },
    { name: "a tab before a formula", text: "\t=1+1" },
    { name: "a wide formula", text: "＝1+1" },
    { name: "quotes and commas", text: 'a,"b""c"\r\n"d",e;f' },
    { name: "what reads as JSON", text: '{"$type":"Date","value":"x"}' },
    { name: "a number", text: "-5" },
    { name: "empty", text: "" },
  ];
}
