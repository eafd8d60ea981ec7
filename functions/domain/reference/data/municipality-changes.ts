// Bron: BAG/PDOK (Kadaster), CBS (CC BY 4.0); bewerkt. Facts and coverage: README.md.
export const municipalityChanges = `effectiveDate,fromGm,fromName,toGm,toName,kind,status,evidence
2021-01-01,GM0003,Appingedam,GM1979,Eemsdelta,merge,in force,CBS address matrix 2020-2021
2021-01-01,GM0010,Delfzijl,GM1979,Eemsdelta,merge,in force,CBS address matrix 2020-2021
2021-01-01,GM0024,Loppersum,GM1979,Eemsdelta,merge,in force,CBS address matrix 2020-2021
2021-01-01,GM0788,Haaren,GM0757|GM0824|GM0855|GM0865,Boxtel|Oisterwijk|Tilburg|Vught,split,in force,CBS address matrix 2020-2021
2022-01-01,GM0370,Beemster,GM0439,Purmerend,absorb,in force,CBS address matrix 2021-2022
2022-01-01,GM0398,Heerhugowaard,GM1980,Dijk en Waard,merge,in force,CBS address matrix 2021-2022
2022-01-01,GM0416,Langedijk,GM1980,Dijk en Waard,merge,in force,CBS address matrix 2021-2022
2022-01-01,GM0756,Boxmeer,GM1982,Land van Cuijk,merge,in force,CBS address matrix 2021-2022
2022-01-01,GM0786,Grave,GM1982,Land van Cuijk,merge,in force,CBS address matrix 2021-2022
2022-01-01,GM0815,Mill en Sint Hubert,GM1982,Land van Cuijk,merge,in force,CBS address matrix 2021-2022
2022-01-01,GM1684,Cuijk,GM1982,Land van Cuijk,merge,in force,CBS address matrix 2021-2022
2022-01-01,GM1702,Sint Anthonis,GM1982,Land van Cuijk,merge,in force,CBS address matrix 2021-2022
2022-01-01,GM0856,Uden,GM1991,Maashorst,merge,in force,CBS address matrix 2021-2022
2022-01-01,GM1685,Landerd,GM1991,Maashorst,merge,in force,CBS address matrix 2021-2022
2022-03-24,GM0457,Weesp,GM0363,Amsterdam,absorb,in force,CBS address matrix 2022-2023
2023-01-01,GM0501,Brielle,GM1992,Voorne aan Zee,merge,in force,CBS address matrix 2022-2023
2023-01-01,GM0530,Hellevoetsluis,GM1992,Voorne aan Zee,merge,in force,CBS address matrix 2022-2023
2023-01-01,GM0614,Westvoorne,GM1992,Voorne aan Zee,merge,in force,CBS address matrix 2022-2023
2027-01-01,GM1696,Wijdemeren,GM0402,Hilversum,absorb,announced,rijksoverheid.nl 2025-11-21: bill sent to the Tweede Kamer; adoption not verified
`;
