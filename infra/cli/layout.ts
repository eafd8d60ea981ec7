/** Text for a terminal of a hundred columns. */
const WIDTH = 100;

/** A value that came from outside cannot move the cursor or colour the screen. */
const plain = (text: string): string => text.replace(/\p{Cc}/gu, '\u00B7');

/** Lines of at most so many characters. */
export const wrap = (text: string, width = WIDTH): readonly string[] => {
  const lines: string[] = [];
  // A number stays with its word, and a date is not broken.
  for (const word of plain(text).split(/(?<!\b\d{1,2}) (?!\d{4}\b)/)) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
};

/** Rows of a label and what it says, aligned; one that says nothing is left out. */
export const facts = (rows: readonly (readonly [label: string, says: string | undefined])[]): string => {
  const said = rows.flatMap(([label, says]) => (says === undefined || says === '' ? [] : [[plain(label), says]]));
  const indent = 2 + Math.max(0, ...said.map(([label = '']) => label.length)) + 2;
  return said
    .flatMap(([label = '', says = '']) =>
      wrap(says, WIDTH - indent).map((line, index) => `  ${index === 0 ? label : ''}`.padEnd(indent) + line),
    )
    .join('\n');
};

/** Parts with an empty line between them; empty parts are left out. */
export const page = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');

/** A part of a page under its name; nothing when there is nothing to say. */
export const section = (title: string, body: string): string => (body === '' ? '' : `${title}\n${body}`);
