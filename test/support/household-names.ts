/**
 * Names as the Netherlands bears them, for invented people. Shares of the common surnames are those of the Nederlandse
 * Familienamenbank (2007, per 100,000 people); given names go by the decades in which they were given.
 */

/** `surname:share`; together about one in six people. */
export const COMMON_SURNAMES =
  `de Jong:531 Jansen:465 de Vries:449 van den Berg:369 van Dijk:355 Bakker:349 Janssen:340 Visser:314 Smit:267 Meijer:252
de Boer:243 Mulder:228 de Groot:227 Bos:224 Vos:189 Peters:190 Hendriks:181 van Leeuwen:176 Dekker:173 Brouwer:159 de Wit:155
Dijkstra:148 Smits:146 de Graaf:130 van der Meer:128 van der Linden:124 Kok:123 Jacobs:121 de Haan:120 Vermeulen:118
van den Heuvel:117 van der Veen:116 van den Broek:115 de Bruijn:113 Schouten:112 de Bruin:110 van der Heijden:110 van Beek:108
Willems:108 van Vliet:106 van de Ven:105 Hoekstra:104 Maas:103 Verhoeven:102 Koster:101 van Dam:100 van der Wal:98 Prins:97
Blom:96 Huisman:95 Peeters:94 de Jonge:93 Kuipers:92 van Veen:91 Kuiper:90 Post:88 van Wijk:86 Kramer:85 Veenstra:84
van den Brink:83 Scholten:82 van Doorn:80 Postma:79 Martens:78 Koning:77 Timmermans:75 Gerritsen:74 Groen:73 Bosman:72 Evers:70
de Lange:70 van der Horst:69 Meyer:66 Snijders:65 Jonker:64 van Loon:63 Hermans:62 Bosch:61 van 't Hof:40 in 't Veld:24
ter Horst:34 ten Brinke:16 op den Kamp:9 van der Ploeg:43 Claassen:28 Klaassen:40 Lukassen:12 Driessen:52 Beijer:14 Beyer:8
Buijs:40 Buis:22 Kuijper:24 Kuyper:8 Schipper:50 Schippers:47 Mol:57 Molenaar:57 Verbeek:58 Verkerk:38 Kleijn:18 de Kleijn:16`
    .split(/\s(?=[\p{L}' ]+:)/u)
    .map((entry) => entry.trim().split(':'));

/** Rare surnames are composed: 60 beginnings and 58 endings, some with a tussenvoegsel, in a long tail. */
export const BEGINNINGS =
  `Aal Bak Ban Beek Berk Blauw Bloem Boer Bol Boom Borg Bran Broek Bron Bui Dal Dam Diep Dol Door Drie Eek Elf Es Gal
Goed Graf Groen Haak Hage Har Heer Hem Hoek Hol Horn Hou Kam Klei Kool Kors Kui Laan Lee Lind Loo Maat Meul Nieuw Noor Oost Over Paal
Ram Riet Rood Ruit Schaap Schoor Slo Spijk Steen Ter Tol Veen Vel Vinke Vlas Vrij Waal Wes Wij Zand Zwane`.split(/\s+/);
export const ENDINGS =
  `aar akker beek berg bergen boer boom borg bosch broek brink burg dam dijk dorp draaier eman enaar enga ers
feld gaard geest gers graaf haar hagen heide hoeve hof horst huis huizen inga ink jan kamp kens ker kerk kooi laar land lo
loo maker man mans meer mond oord poel ring ros rode schot sen sloot sma stede stra straat veld velde vis voort waard wijk winkel
zaal zijl`.split(/\s+/);
export const PREFIXES = [
  'van',
  'van',
  'van',
  'van der',
  'van der',
  'van de',
  'van den',
  'de',
  'de',
  'de',
  'ter',
  'ten',
  "van 't",
  'op de',
];

/** Given names with the name somebody goes by, where it is another: `Johannes=Jan`. */
type Era = readonly [male: string, female: string];
const ERAS: Readonly<Record<number, Era>> = {
  1930: [
    'Johannes=Jan Cornelis=Kees Wilhelmus=Wim Hendrik=Henk Petrus=Piet Gerardus=Gerard Jacobus=Jaap Antonius=Ton Adrianus=Ad Theodorus=Theo Franciscus=Frans Dirk Martinus=Rien Klaas Willem Pieter Gerrit Augustus=Guus',
    'Maria=Ria Johanna=Joke Cornelia=Corrie Wilhelmina=Willy Elisabeth=Bep Hendrika=Riek Catharina=Toos Anna=Annie Jacoba=Coby Petronella=Nel Adriana=Sjaan Geertruida=Truus Margaretha=Greet Theodora=Dora Alida Grietje Helena Francisca=Cisca',
  ],
  1955: [
    'Johannes=Hans Peter Robert=Rob Ronald Hendrikus=Henk Marcel Eric Rene Frank Paul Richard Johan Edwin Wilhelmus=Willem Marco Cornelis=Cor Jeroen Michel Patrick Martin Bernardus=Ben Ruud',
    'Maria=Marja Monique Johanna=Hanneke Yvonne Anita Ingrid Jacqueline Petra Mirjam Sandra Astrid Marianne Esther Karin Wilhelmina=Wilma Linda Angelique Elisabeth=Els Caroline Cornelia=Cora Saskia Anna=Anneke',
  ],
  1978: [
    'Jeroen Mark Dennis Bas Tim Rick Michiel Sander Thomas Martijn Kevin Niels Johannes=Joost Tom Stefan Robin Jasper Maarten Wouter Danny Bart Remco',
    'Laura Kim Lisa Sanne Maria=Marieke Johanna=Anouk Linda Chantal Suzanne Marloes Nicole Denise Wendy Eva Femke Manon Iris Anne Judith Jolanda Daniëlle Renée',
  ],
  1995: [
    'Daan Sem Thijs Lars Luuk Jesse Milan Tim Bram Ruben Max Finn Stijn Sven Jens Noah Julian Thomas Luca Mees Koen Joris',
    'Emma Sophie Julia Anna Lotte Fleur Eva Isa Lieke Noa Sara Femke Maud Anouk Roos Amber Lynn Esmee Demi Zoë Merel Naomi',
  ],
};
const named = (list: string): readonly (readonly [official: string, calling: string])[] =>
  list.split(' ').map((entry) => {
    const [official = '', calling = official] = entry.split('=');
    return [official, calling];
  });
export const DUTCH_GIVEN = Object.entries(ERAS).map(([from, [male, female]]) => ({
  from: Number(from),
  male: named(male),
  female: named(female),
}));

/** Names people brought with them, with their share per 1,000 inhabitants of a middling town. */
export const ORIGINS = [
  {
    share: 40,
    surnames:
      'Yılmaz Kaya Demir Şahin Çelik Öztürk Yıldız Aydın Arslan Doğan Kılıç Aslan Çetin Koç Kurt Özdemir Polat Güneş Karataş Bulut Tekin Ünal',
    male: 'Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim Murat Emre Yusuf Ömer Fatih Burak Serkan Kemal',
    female: 'Fatma Ayşe Emine Hatice Zeynep Elif Meryem Özlem Gülşen Sevgi Esra Büşra Hacer Melek Yasemin',
  },
  {
    share: 42,
    surnames:
      'El Amrani|El Idrissi|Benaïssa|Bouzid|Ben Ali|El Khattabi|Azzouzi|Haddou|El Yousfi|Bouali|Chaoui|El Haddad|Bakkali|Ouali|El Morabet|Tahiri|Amezian|Ait Lahcen|Boukhriss|Belkacem',
    male: 'Mohamed Ahmed Youssef Hassan Said Rachid Abdelkader Mustapha Karim Omar Bilal Hamza Ilyas Anass Khalid',
    female: 'Fatima Khadija Aïcha Naima Samira Malika Rachida Hanane Nadia Yamina Salma Imane Loubna Souad Zohra',
  },
  {
    share: 38,
    surnames:
      'Ramdin Biharie Jadnanansing Mahabier Sital Pinas Kanhai Ramsaran Djojo Wijngaarde Bhagwandin Kartosen Doelwijt Amatredjo Martina Francisca Wanga Leysner Gangaram Baldew Soekhoe Ramnath',
    male: 'Ricardo Glenn Roy Sheldon Rakesh Anand Winston Clyde Orlando Jairzinho Kenneth Dewi Ashwin Johan Marlon',
    female: 'Sharon Priya Anita Soraya Chantal Shanti Marlène Joyce Indra Natasja Gracia Sabitrie Ruth Farida Muriël',
  },
  {
    share: 25,
    surnames:
      'Nowak Kowalski Kowalska Wiśniewski Wiśniewska Wójcik Kowalczyk Kamiński Kamińska Lewandowski Lewandowska Zieliński Szymański Woźniak Dąbrowski Kozłowski Jankowski Mazur Krawczyk Piotrowski',
    male: 'Piotr Krzysztof Andrzej Tomasz Paweł Marcin Michał Łukasz Grzegorz Jakub Mateusz Kamil Adam Dawid Rafał',
    female:
      'Anna Katarzyna Małgorzata Agnieszka Monika Magdalena Ewa Joanna Beata Dorota Justyna Karolina Natalia Sylwia Iwona',
  },
  {
    share: 12,
    surnames: 'Chen Wang Li Zhang Liu Nguyễn Trần Lê Phạm Wong Lam Cheung Yang Wu Ho',
    male: 'Wei Jun Hao Minh Van Jian Ming Tuan Kin Chi Long Hung Lei Peng Bo',
    female: 'Mei Ling Fang Lan Thi Hua Yan Xiu Linh Hoa Jing Wai Ying Na Anh',
  },
  {
    share: 25,
    surnames:
      'Ahmed Ali Mohamed Hassan Abdi Omar Hussein Ibrahim Tesfay Haile Mehari Kidane|Al Hussein|Al Ahmad|Rahimi|Ahmadi|Hosseini|Karimi|Noori|Al Khalil',
    male: 'Abdullahi Mohamed Ahmad Hassan Omar Yonas Filmon Samuel Ibrahim Khaled Mahmoud Reza Ali Farid Tesfaye',
    female: 'Amina Fatuma Halima Hodan Selam Rahwa Zahra Maryam Nour Rania Fadumo Asha Semhar Leila Samira',
  },
].map(({ share, surnames, male, female }) => ({
  share,
  surnames: surnames.includes('|')
    ? surnames.split('|').flatMap((part) => (/^(?:El|Al|Ben|Ait) /.test(part) ? [part] : part.split(' ')))
    : surnames.split(' '),
  male: named(male),
  female: named(female),
}));

/** Composed too, so that a large municipality has no two streets of one name. */
const STREET_KINDS = 'straat laan weg hof kade plein pad dreef singel gracht'.split(' ');
export const streetOf = (at: number): string => {
  const beginning = BEGINNINGS[at % BEGINNINGS.length] ?? '';
  const kind = STREET_KINDS[Math.floor(at / BEGINNINGS.length) % STREET_KINDS.length] ?? '';
  const quarter = ['', 'Oude ', 'Nieuwe ', 'Korte ', 'Lange ', 'Hoge ', 'Lage '][
    Math.floor(at / (BEGINNINGS.length * STREET_KINDS.length))
  ];
  return `${quarter ?? `${Math.floor(at / BEGINNINGS.length)}e `}${beginning}er${kind}`;
};

/** Siblings are called a letter or two apart, as twins often are. */
export const ALIKE =
  `Kim=Tim Julia=Julian Daniel=Danielle Robert=Roberta Michel=Michelle Jan=Jana Tim=Tom Ron=Rob Rick=Nick Mees=Kees Mila=Mina
Anna=Anne Lars=Lara Sem=Sam Noa=Noah Emma=Emmy Lisa=Lise Daan=Dean Joris=Doris Ruben=Robin Eva=Ava Fleur=Floor Sofie=Sofia
Mark=Mary Erik=Erika Simon=Simone Paul=Paula Martin=Martine Hasan=Hasna Amin=Amina Karim=Karima Nabil=Nabila Jamal=Jamila
Emin=Emine Omar=Ömer Ilias=Ilyan Piotr=Petr Dario=Daria Adrian=Adriana Maria=Mario Ravi=Rani Anita=Sunita Lotte=Lotta`
    .split(/\s+/)
    .map((pair) => {
      const [one = '', other = ''] = pair.split('=');
      return [one, other] as const;
    });
