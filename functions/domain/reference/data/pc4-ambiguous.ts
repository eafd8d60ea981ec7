// Bron: BAG/PDOK (Kadaster), CBS (CC BY 4.0); bewerkt. Facts and coverage: README.md.
export const pc4Ambiguous = `pc4,defaultGm,defaultName,otherGm,otherName,pdok2026_pc6_default,pdok2026_pc6_other,bag2026_addr_default,bag2026_addr_other,pc6Exceptions
1216,GM0402,Hilversum,GM1696,Wijdemeren,266,1,,,none
1261,GM0376,Blaricum,GM0417,Laren (NH.),,,,,none
1271,GM0406,Huizen,GM0402,Hilversum,,,,,none
1357,GM0034,Almere,GM1641,Maasgouw,129,1,1826,,partial
1724,GM1980,Dijk en Waard,GM0441,Schagen,100,1,,,none
3366,GM1978,Molenlanden,GM0610,Sliedrecht,18,2,,,none
4062,GM0281,Tiel,GM1960,West Betuwe,6,2,,,none
4197,GM1960,West Betuwe,GM0214,Buren,38,5,,,none
5091,GM0823,Oirschot,GM0798,Hilvarenbeek,175,1,,,none
5383,GM0796,'s-Hertogenbosch,GM1721,Bernheze,14,6,,,none
6574,GM1945,Berg en Dal,GM0268,Nijmegen,18,2,,,none
6924,GM0226,Duiven,GM1705,Lingewaard,39,1,,,none
7011,GM0222,Doetinchem,GM1509,Oude IJsselstreek,165,1,,,none
7311,GM0200,Apeldoorn,GM1699,Noordenveld,316,1,,,partial
7351,GM0200,Apeldoorn,GM0228,Ede,64,1,,,none
7693,GM0160,Hardenberg,GM1700,Twenterand,41,1,,,none
7694,GM0160,Hardenberg,GM1700,Twenterand,43,2,,,none
7925,GM1690,De Wolden,GM0114,Emmen,,,261,1,complete
7933,GM0118,Hoogeveen,GM1701,Westerveld,52,2,918,3,complete
7963,GM1690,De Wolden,GM1701,Westerveld,130,3,2115,87,complete
7964,GM1690,De Wolden,GM1701,Westerveld,20,2,196,2,complete
8191,GM0246,Heerde,GM0269,Oldebroek,,,,,none
9207,GM0090,Smallingerland,GM0086,Opsterland,126,6,3145,40,complete
9354,GM1969,Westerkwartier,GM1699,Noordenveld,90,1,1262,1,complete
9417,GM1731,Midden-Drenthe,GM1701,Westerveld,7,1,268,4,complete
9423,GM1731,Midden-Drenthe,GM1701,Westerveld,44,1,1077,8,complete
`;
