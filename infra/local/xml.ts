import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { AwsError } from './contract.ts';

/** Also escapes control characters and line ends: a reader of XML would change or refuse them, and keys may hold them. */
const escaped = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
  text.replace(/[&<>"'\u0000-\u001f\u007f-\u009f\u2028\ufffe\uffff]/g, (c) => `&#x${c.charCodeAt(0).toString(16)};`);

const builder = new XMLBuilder({
  ignoreAttributes: false,
  processEntities: false,
  tagValueProcessor: (_name, value) => escaped(String(value)),
});

const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  // A thousand keys of a DeleteObjects may be nothing but escaped characters; there is no DTD to multiply them.
  processEntities: { enabled: true, maxTotalExpansions: 2_000_000, maxExpandedLength: 4_000_000 },
});

export type XmlValue = string | number | boolean | undefined | XmlNode | readonly XmlNode[] | readonly string[];
export type XmlNode = { readonly [element: string]: XmlValue };

export const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** An XML document with one root; undefined children are left out, an array is the element repeated. */
export function toXml(root: string, content: XmlNode | string, namespace: string | null = S3_NAMESPACE): string {
  const body = typeof content === 'string' ? { '#text': content } : content;
  const attributes = namespace === null ? {} : { '@_xmlns': namespace };
  return builder.build({
    '?xml': { '@_version': '1.0', '@_encoding': 'UTF-8' },
    [root]: { ...attributes, ...Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) },
  });
}

/** The child elements named `item` of the root, each as a map of its text children. Not that root, or not XML: MalformedXML. */
export function readList(xml: string, root: string, item: string): { items: Record<string, string>[]; quiet: boolean } {
  try {
    const parsed: unknown = parser.parse(xml, true);
    const content = record(record(parsed)?.[root]);
    if (content === undefined) throw new Error(`no ${root}`);
    const found = content[item];
    const items = (Array.isArray(found) ? found : found === undefined ? [] : [found]).map((entry: unknown) => {
      const fields = Object.entries(record(entry) ?? {}).filter(([name]) => name !== '#text');
      return Object.fromEntries(fields.map(([name, value]) => [name, String(value)]));
    });
    return { items, quiet: content.Quiet === 'true' };
  } catch {
    throw new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate.');
  }
}

const record = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
