/**
 * How many of 10,000 people bear a surname, without its tussenvoegsel: the commonest of the Netherlands, rounded, after
 * the Nederlandse Familienamenbank (2007) and newer lists for names from abroad. Only the order of size matters: a link on
 * `de Jong` needs more beside it than one on `Zwartkruis`.
 */
const PER_10_000 = `
  jong 51.3 jansen 44.9 vries 43.5 berg 35.8 dijk 34.5 bakker 33.8 janssen 33 visser 30.3 smit 25.9 meijer 24.4
  boer 23.4 mulder 22.1 groot 22.1 bos 21.6 vos 18.5 peters 18.4 hendriks 18 leeuwen 17.7 dekker 17.1 brouwer 15.5
  wit 14.7 dijkstra 14.3 smits 13.9 graaf 13 meer 12.8 linden 12.7 kok 12.5 jacobs 12.1 haan 11.9 vermeulen 11.8
  heuvel 11.7 veen 11.6 broek 11.5 bruijn 11.3 heijden 11.1 bosch 11 koning 11 schouten 11 beek 10.9 willems 10.9
  bruin 10.6 vliet 10.3 ven 10.3 hoekstra 10.1 maas 9.8 koster 9.8 verhoeven 9.8 dam 9.7 wal 9.6 prins 9.5 blom
  9.2 huisman 8.9 peeters 8.8 jonge 8.6 kuiper 8.6 kuipers 8.6 post 8.6 brink 8.3 kramer 8.3 scholten 8.3 veenstra
  8.3 groen 7.9 martens 7.9 postma 7.9 ruiter 7.9 timmermans 7.9 vink 7.9 wijk 7.9 gerritsen 7.6 jonker 7.6 loon
  7.6 lange 7.3 smeets 7.3 velde 7.3 velden 7.3 willemsen 7.3 dongen 7 laan 7 schipper 7 doorn 6.7 driessen 6.7
  hermans 6.7 bosman 6.4 evers 6.4 hofman 6.4 meulen 6.4 kuijpers 6.1 leeuw 6.1 mol 6.1 molenaar 6.1 pol 6.1
  sanders 6.1 verbeek 6.1 wolters 6.1 hoek 5.8 horst 5.8 jager 5.8 roos 5.5 zwart 5.5 hoeven 5.2 muller 5.2
  cornelissen 4.9 gerrits 4.9 jongh 4.9 rooij 4.9 vermeer 4.9 wilde 4.9 winter 4.9 bouman 4.3 bouwman 4.3 hart 4.3
  keizer 4.3 mulders 4.3 pieters 4.3 rutten 4.3 sluis 4.3 steen 4.3 verhagen 4.3 vonk 4.3 witte 4.3 wolf 4.3
  wouters 4.3 aarts 3.7 ali 3.7 boonstra 3.7 eijk 3.7 es 3.7 keijzer 3.7 mohamed 3.7 otten 3.7 poel 3.7 ridder 3.7
  schaik 3.7 simons 3.7 snijders 3.7 terpstra 3.7 veldhuis 3.7 wagenaar 3.7 werf 3.7 wiersma 3.7 yilmaz 3.4 ahmed
  3.1 claassen 3.1 hout 3.1 hulst 3.1 kamp 3.1 klein 3.1 konings 3.1 kooij 3.1 kroon 3.1 lammers 3.1 leenders 3.1
  nieuwenhuis 3.1 ploeg 3.1 schmidt 3.1 stevens 3.1 swart 3.1 valk 3.1 verkerk 3.1 vogel 3.1 zanden 3.1 nguyen 3
  engelen 2.4 jaspers 2.4 lamers 2.4 lubbers 2.4 nes 2.4 nijhuis 2.4 noort 2.4 pronk 2.4 rijn 2.4 rossum 2.4
  schepers 2.4 schreuder 2.4 schuurman 2.4 singh 2.4 stam 2.4 theunissen 2.4 thijssen 2.4 tol 2.4 verbruggen 2.4
  vugt 2.4 zande 2.4 zanten 2.4 zeeuw 2.4 kaya 2.4 demir 2.2 martina 2.1 aalst 1.8 elst 1.8 geest 1.8 hassan 1.8
  hoof 1.8 jonkers 1.8 kempen 1.8 knol 1.8 kool 1.8 kuijper 1.8 kusters 1.8 manders 1.8 mertens 1.8 meyer 1.8
  moerman 1.8 nijland 1.8 nijs 1.8 ooms 1.8 oosten 1.8 osch 1.8 rademaker 1.8 reijnders 1.8 sahin 1.8 snijder 1.8
  son 1.8 staal 1.8 uden 1.8 vogels 1.8 vuuren 1.8 weert 1.8 weijden 1.8 wijngaarden 1.8 zijl 1.8 zuidema 1.8
  yildiz 1.8 ozturk 1.7 celik 1.7 khan 1.6 aydin 1.5 chen 1.5 li 1.5 silva 1.5 wang 1.5 arslan 1.5 dogan 1.4
  garcia 1.3 bakkers 1.2 goor 1.2 hamers 1.2 ibrahim 1.2 langen 1.2 lee 1.2 lent 1.2 linders 1.2 luijten 1.2 meij
  1.2 oever 1.2 oosterhout 1.2 raaij 1.2 rodriguez 1.2 santos 1.2 schmitz 1.2 schoenmaker 1.2 spaan 1.2 tilburg
  1.2 tuin 1.2 veenendaal 1.2 verschuren 1.2 vriend 1.2 vroom 1.2 wolff 1.2 wong 1.2 zhang 1.2 zon 1.2 amrani 1.1
  liu 1.1 tran 1 kumar 1 fernandes 0.9 idrissi 0.9 pinas 0.9 gomes 0.7 bouzidi 0.6 haddou 0.6 hussain 0.6 kruijf
  0.6 lith 0.6 lopes 0.6 maria 0.6 meier 0.6 nowak 0.6 peerdeman 0.6 ramdin 0.6 ree 0.6 schneider 0.6 yahya 0.6
  zwieten 0.6 kowalski 0.5`;

/** Names that are not in the list: the commonest of those has some 5,000 bearers, most have far fewer. */
const OTHER = 0.00006;

const of: Record<string, number> = {};
for (const [, name = '', share] of PER_10_000.matchAll(/([a-z]+) ([\d.]+)/g)) of[name] = Number(share) / 10_000;

export const SURNAMES = { of, other: OTHER };
