/**
 * EventBridge event patterns. Compiled once, so that a matcher the embedded cloud does not know is an error, with its
 * name, when the rule is made and not an event that never matches.
 */
export type Matches = (event: unknown) => boolean;

type Leaf = (value: unknown) => boolean;
type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isScalar = (value: unknown): boolean => value === null || ['string', 'number', 'boolean'].includes(typeof value);
const text = (value: unknown, where: string): string => {
  if (typeof value === 'string') return value;
  throw new Error(`${where}: a text is needed`);
};

/** `*` stands for any characters, `\*` for itself. */
const wildcard = (pattern: string): RegExp => {
  const parts = pattern.match(/\\\*|\\\\|\*|[^*\\]+|\\/g) ?? [];
  const literal = (part: string): string => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const source = parts.map((part) => (part === '*' ? '[^]*' : literal(part.replace(/^\\(?=[*\\])/, ''))));
  return new RegExp(`^${source.join('')}$`);
};

const stringMatcher = (name: string, argument: unknown, where: string): ((value: string) => boolean) | undefined => {
  if (isObject(argument) && (name === 'prefix' || name === 'suffix')) {
    const [inner, ...more] = Object.entries(argument);
    if (inner?.[0] !== 'equals-ignore-case' || more.length > 0) {
      throw new Error(`${where}: unknown matcher ${name} {${Object.keys(argument).join(', ')}}`);
    }
    const wanted = text(inner[1], where).toLowerCase();
    return name === 'prefix'
      ? (value) => value.toLowerCase().startsWith(wanted)
      : (value) => value.toLowerCase().endsWith(wanted);
  }
  switch (name) {
    case 'prefix': {
      const wanted = text(argument, where);
      return (value) => value.startsWith(wanted);
    }
    case 'suffix': {
      const wanted = text(argument, where);
      return (value) => value.endsWith(wanted);
    }
    case 'equals-ignore-case': {
      const wanted = text(argument, where).toLowerCase();
      return (value) => value.toLowerCase() === wanted;
    }
    case 'wildcard': {
      const regex = wildcard(text(argument, where));
      return (value) => regex.test(value);
    }
    default:
      return undefined;
  }
};

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

const numeric = (argument: unknown, where: string): Leaf => {
  const parts = Array.isArray(argument) ? (argument as unknown[]) : [];
  if (parts.length !== 2 && parts.length !== 4) throw new Error(`${where}: numeric needs one or two comparisons`);
  const tests: Array<(value: number) => boolean> = [];
  for (let index = 0; index < parts.length; index += 2) {
    const compare = comparisons[String(parts[index])];
    const bound = parts[index + 1];
    if (compare === undefined || typeof bound !== 'number') throw new Error(`${where}: unknown numeric comparison`);
    tests.push((value) => compare(value, bound));
  }
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
};

const anythingBut = (argument: unknown, where: string): Leaf => {
  if (isObject(argument)) {
    const [inner, ...more] = Object.entries(argument);
    if (inner === undefined || more.length > 0) throw new Error(`${where}: anything-but needs one matcher`);
    const lists = Array.isArray(inner[1]) ? (inner[1] as unknown[]) : [inner[1]];
    const tests = lists.map((each) => stringMatcher(inner[0], each, where));
    if (tests.some((test) => test === undefined))
      throw new Error(`${where}: unknown matcher anything-but {${inner[0]}}`);
    return (value) => typeof value === 'string' && !tests.some((test) => test?.(value));
  }
  const refused = Array.isArray(argument) ? (argument as unknown[]) : [argument];
  if (!refused.every(isScalar)) throw new Error(`${where}: anything-but needs values`);
  return (value) => isScalar(value) && !refused.includes(value);
};

/** A leaf of the pattern: one of the alternatives must match the value (or one of the values of a list). */
const alternative = (pattern: unknown, where: string): { readonly exists?: boolean; readonly test: Leaf } => {
  if (isScalar(pattern)) return { test: (value) => value === pattern };
  if (!isObject(pattern)) throw new Error(`${where}: a value or a matcher is needed`);
  const [entry, ...more] = Object.entries(pattern);
  if (entry === undefined || more.length > 0) throw new Error(`${where}: one matcher is needed`);
  const [name, argument] = entry;
  if (name === 'exists') {
    if (typeof argument !== 'boolean') throw new Error(`${where}: exists needs true or false`);
    return { exists: argument, test: () => argument };
  }
  if (name === 'numeric') return { test: numeric(argument, where) };
  if (name === 'anything-but') return { test: anythingBut(argument, where) };
  const matcher = stringMatcher(name, argument, where);
  if (matcher === undefined) throw new Error(`${where}: unknown matcher ${name}`);
  return { test: (value) => typeof value === 'string' && matcher(value) };
};

const compileLeaf = (alternatives: readonly unknown[], where: string): Leaf => {
  const compiled = alternatives.map((each) => alternative(each, where));
  return (value) => {
    if (value === undefined || isObject(value)) return compiled.some(({ exists }) => exists === false);
    const values = Array.isArray(value) ? (value as unknown[]) : [value];
    return compiled.some(({ exists, test }) => exists !== false && values.some(test));
  };
};

const compileObject = (pattern: Json, where: string): Matches => {
  const tests = Object.entries(pattern).map(([field, part]): Matches => {
    const path = where === '' ? field : `${where}.${field}`;
    if (field === '$or') throw new Error(`${path}: $or is not supported`);
    if (Array.isArray(part)) {
      const leaf = compileLeaf(part as unknown[], path);
      return (event) => leaf(isObject(event) ? event[field] : undefined);
    }
    if (!isObject(part)) throw new Error(`${path}: a list of values or an object is needed`);
    const nested = compileObject(part, path);
    return (event) => {
      const inner = isObject(event) ? event[field] : undefined;
      return Array.isArray(inner) ? (inner as unknown[]).some(nested) : nested(inner);
    };
  });
  return (event) => tests.every((test) => test(event));
};

/** Throws an Error that names the path and the matcher it does not know. */
export const compilePattern = (pattern: unknown): Matches => {
  if (!isObject(pattern)) throw new Error('An event pattern is an object');
  return compileObject(pattern, '');
};
