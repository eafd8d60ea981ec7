/**
 * Given names and what their bearers are called. A file of one partner has `Johannes`, that of another `Hans`; without this
 * they would pass for brothers.
 */
const GROUPS = `
jan johan johannes joannes hans jo joop johnny john
piet pieter petrus peter pete
kees cornelis cor corneel kor
henk hendrik hendrikus henricus henri hein rik
wim willem wilhelmus will willy guillaume
gerrit gerard gerardus ger geert gert
klaas nicolaas nico niek nick nicolas
bert albert albertus lambert lambertus hubertus bertus huub bart bartholomeus
ton toon anton antonius anthony antoon tony
jaap jacob jacobus sjaak jacques ko koos
theo theodorus theodoor dorus
frans franciscus frank frits
leo leonardus leendert leen leon
ad adrianus adriaan arie adri aad
jos jozef josephus joseph jef sjef
matthijs mattheus thijs ties
michiel michael maikel
tom thomas
chris christiaan christianus
rob robert robertus
dick dirk diederik
bas sebastiaan
sander alexander lex alex
fred frederik ferry
mieke maria marie marijke mia ria rie mies marja marianne
an anna annie ans anneke anita annemarie hanna johanna jo jopie hannie
bep elisabeth elizabeth liesbeth betty els elly lies bets
truus geertruida trudy geertje
greet margaretha margriet greetje gretha marga
ineke ina catharina katrien toos trijntje tineke ingrid
riet hendrika rika henny heintje
willemina wilhelmina mina willy wil
cobie jacoba coba
corrie cornelia cora
petra petronella nel nelly pieternella
mohamed mohammed muhammad mohamad mohammad muhammed med
fatima fatma fatiha
yusuf youssef yousef yussuf
ahmed ahmet ahmad
mehmet memed
`;

const groupsOf = new Map<string, Set<number>>();
for (const [index, line] of GROUPS.trim().split('\n').entries())
  for (const name of line.split(' ')) groupsOf.set(name, (groupsOf.get(name) ?? new Set<number>()).add(index));

/** Whether one is the beginning of the other: `roel` of `roelof`, but `jan` of `jana` too. */
export const beginsAlike = (a: string, b: string): boolean =>
  Math.min(a.length, b.length) > 2 && (a.startsWith(b) || b.startsWith(a));

/** Whether one may be short for the other, or both for a third. */
export const isShortFor = (a: string, b: string): boolean => {
  const groups = groupsOf.get(a);
  const others = groupsOf.get(b);
  if (groups === undefined || others === undefined) return false;
  for (const group of groups) if (others.has(group)) return true;
  return false;
};
