/**
 * How many of 10,000 people bear a first given name: names common in the Netherlands, Turkish, Moroccan, Surinamese and Polish
 * ones among them, in the order of size of the Nederlandse Voornamenbank (Meertens Instituut); none of its counts. What
 * matters: that these are names, so that two of them a letter apart are two people and no slip; and the order of size, since
 * `Johannes` says less of who somebody is than `Roelofje`.
 */
const PER_10_000: Readonly<Record<number, string>> = {
  150: `
    maria johannes`,
  80: `
    johanna jan`,
  50: `
    anna cornelis hendrik willem petrus wilhelmus pieter cornelia elisabeth peter jacobus`,
  35: `
    antonius hendrikus gerrit mohamed johan martinus adrianus franciscus catharina wilhelmina margaretha adriana
    petronella theodorus gerardus robert paul henk`,
  20: `
    marcel eric erik frank richard ronald rene john patrick dirk jeroen mark michel martin klaas jacob daniel dennis
    edwin marco hans rob hendrika jacoba theodora geertruida francisca monique linda esther sandra petra ingrid yvonne
    jolanda anita wendy karin saskia angelique laura lisa marianne thomas tim kevin nicole mohammed`,
  12: `
    bas rick sander michael martijn niels stefan robin jasper maarten wouter danny bart remco joost tom ruud ron wim
    piet kees joop theo frans leo arjan erwin raymond sebastiaan vincent david max daan sem lars luuk jesse bram ruben
    stijn sven thijs koen joris roy mike nick alexander simon matthijs arie harry bernardus lambertus albert lucas kim
    sanne marieke chantal suzanne marloes denise eva femke manon iris anne judith danielle astrid mirjam caroline
    jacqueline miranda annemarie anja ria wilma els emma sophie julia lotte fleur anouk sara melissa samantha
    charlotte amber lieke maaike marjolein debby bianca brigitte natasja monica diana sonja ellen marion gerda ali
    ahmed fatima`,
  3.5: `
    aart abdelkader abdullah abraham ad adam adem adri adriaan alain alex alfons alfred alwin amin amir anass andre
    andreas andrew anton antoon antoine anthony arend ariane arjen armand arnold arno arnoud arthur ashley aron auke
    axel ayoub barbara barry bastiaan ben benjamin bernard bert berend bilal bjorn boris boy brian bruno burak carel
    carlo carlos casper chiel chris christian christiaan clemens coen colin cor damian dave dean derk dick diederik
    dion dirkjan djordy dominic donald douwe dylan ed edgar eduard egbert elmer emiel emre engelbert ernst evert
    fabian fatih felix ferdinand ferry finn floris fons francis frederik fred freek frits gerard gerben gert gerwin
    gijs gijsbert glenn godfried govert guido guus hamza harm harmen harold hasan hassan herman henri henry hidde
    hubertus hugo huub huseyin ian ibrahim igor ilyas ismail ivo jaap jack jaco jacques jaimy james jannes jarno jason
    jean jeffrey jelle jelmer jens jeremy jerry jim jimmy jochem joel joep johnny jonas jonathan jonny jordy jorg
    joran jorn jos joseph joshua jules julian junior jurgen jurjen jurre jurriaan justin kai karel karim kasper kay
    keith ken kenneth khalid klaus koenraad krijn kurt lennart leon leonard leonardus leendert levi liam loek lorenzo
    louis lou luc luca ludo luke maikel manuel marc marcus mario marinus marius marlon marnix martien mathieu mathijs
    matthias mats maurice maurits mees mehmet melle melvin menno michiel micha mick miguel milan mitch mo mustafa
    mustapha murat nico nicolaas niek noah noud oscar olaf oliver omar onno otto owen pascal patrice pepijn perry
    philip pim pieterjan quinten rachid ralf ralph ramon randy raoul reinier remy remi rens ricardo rico rik rinus
    roel roelof roger roland rolf romano ronny rowan rudolf rudy rutger ryan said sam samir samuel sean serkan siebe
    sieger siem sietse sil sjaak sjoerd sjors soufiane stan stefano stephan steven stephen steve sybren tamer teun
    ties tijmen tijn tobias ton toon tony tristan twan valentijn victor vince walter ward wesley wessel wiebe wilfred
    wilbert willy wilco winston xander yannick yassin yassine younes youri youssef yusuf zakaria aafke aaltje adele
    agnes aicha aleida alexandra alice alicia alida alina alma amina amy anastasia andrea angela anneke annelies
    annemiek annemieke annet annette annick annie anniek anouska antoinette antonia arlette aukje ayse babette bep
    berber bertha beatrix betty britt carin carla carmen carolien catharine cecile celine charissa christel christiana
    christina christine cindy cisca clara claire claudia coby conny cora corine corrie cynthia dagmar daisy daphne
    debora deborah demi desiree diane dieuwke dina dorien doris dora dorothea ebru edith elena elif eline elisa eliza
    elise ella elly eleonora elke emily emine emmy erica erika esmee esra eveline evelien evi fatiha fatma feline
    fenna fieke floor floortje frederika frederique froukje gabriella geertje gerdien gerry gina gitta greet grietje
    hanna hanneke hannah hannie hatice hedwig heidi heleen helena helga henny hennie henriette hilde hilda ilona ilse
    imane ina inge ineke irene irma isa isabel isabella isabelle ivonne jade jana jane janna janneke jannetje janine
    jantje jasmijn jeanette jeanine jennifer jenny jessica jet jill joan joanne jody joke jolien jolijn josephine
    josefien josien joyce juliette julie jurriana karen karina karlijn kate katinka katja khadija kelly kiki kirsten
    kitty klaasje kristel lana lara lauren laurie leah lena lenie leonie lia lianne liesbeth lieneke liza lina linsey
    linde lise lisette lisanne liv loes lois loubna louise louisa lucia lucy lynn maartje madelief madelon maja malika
    malou mandy margot margreet margriet marga mariska marielle marijke marina marit marja marije marjan marlies
    marlene marleen marte martha martine mascha mathilde maud maureen maya megan meike melanie melek merel meryem mia
    michelle mieke mies milou mila milly mina minke mirella mireille mirthe moniek myrthe myra nadia nadine naima
    naomi nanda natalie natascha nel nelleke nelly nienke nina noa noor noortje nora olga olivia pamela patricia paula
    pauline petronia philippa pien pleun puck quinty rachel rachida ramona rebecca regina renate renee renske rianne
    riet rika rita romy roos rosa rosalie rosanne rose ruth sabine sabrina saar saida salma samira sanna sarah selena
    selma senna shirley sharon sifra silvia simone sina sofia sofie soraya stefanie stephanie stella stine susan
    susanna suus suze sylvia sylvana tamara tara tanja tatiana tess tessa thea theresia tilly tineke tina tirza titia
    toos trijntje trudy truus ursula valerie vanessa vera veronique veerle victoria vivian viviane wietske wilhelma
    willeke willie wilke willemijn willemina wies xenia yara yasmin yasmina yasemin ymke yolanda zeynep zoe zohra`,
  0.7: `
    aaron abbas abdel abdellah abel abdelaziz achmed adil adnan ahmad ahmet aidan aiden akash alan albertus albertine
    aldert alessandro alessio alexis alois alper amar amelie amine amira anand anderson andrei andrzej angelina angelo
    anil anish anissa anika anke anan antonio arda aria arjun arman armin arnaud aryan ashwin asma atilla aurora ava
    aya aydin aylin aymane ayla aysel azra baran bartosz basma batuhan beau bella benthe beyza bibi birgit bo bobby
    bodhi bogdan bora brigit brit bryan buse busra casey cas cees celal cem charles charlie chaima chloe ciara cihan
    clarissa coco collin cristian cristina dani dania daniela danilo danique danish danielo daria dario dariusz davey
    deniz denzel derya desi devi dewi diego dilan dilara dimitri dini dinand dinja dirkje djamila dorota duco duncan
    dunya ebe ece eda eefje eelco eelke ekrem elias elin elio elisha elle ellis eloise elvira elsa elwin emir emil
    emilia emilie emin emmanuel enes engin enzo erdem eren erhan esma ethan eugenie ewa ewout ezra faisal farah faris
    farid farida fay faye fedde feike feray ferhat fien fiene filip filiz fin fiona firdaus fleurtje florian floyd
    fouad franka frederic frida gabriel gabriela gaby gamze gea geert george gerlof gino giovanni giulia gizem gokhan
    grace gregor grzegorz guusje gwen habib hacer hafid hafida hakan hakim halil halima hamid hana hanan hanane hari
    harriet harun hatim haydar hayat hein helen helene hella henriet henrik hicham hind hilal houda hussein husnu
    ikram ilham iman imran indra indy ines ingmar ioana isra issam ivan ivana iwan iwona izabela jafar jackie jaden
    jake jakob jakub jalal jamal jamila jamie jannick janny jarek jari jayden jaylinn jax jelena jenna jente jeske
    jikke joanna job jolie jolanthe jose josh jorrit joy joyca juan julius june justine kaan kamal kamil karima
    karlien karsten katarzyna kaya keano kemal kian kiara kirstin kevser klara koos krisztina krzysztof kubra kumar
    kyan kyra laila lamia lamyae larissa latifa laurens laurent lea leila lenn lenny lev levent lex lidia lidewij
    lieve lilian lily lillian lin linn lisan livia logan lola lorena lotje lucie luciano luka lukas lukasz luna luuc
    lyna lyanna maciej maeve magda magdalena mahmoud mahmut malak malgorzata manisha manoj marcelo marcin mare marek
    margo mariam marian mariana marie mariem marilyn marin marisa mariusz marko marta marten martina marwa marwan mary
    maryam mason mateo mateusz matteo matthew mathilda maxime maximilian mayra mehdi meindert meint melike melis merve
    meral mert merijn mete michal michaela mikael mikail mikey miles miley milena mira miriam mirjana mirza mitchel
    mitchell moad mohamad moniq monika morris mouad mounir mounia mourad muhammad muhammed myron myrna nabil nabila
    nadir nadira naoual naoufal narges nassim nathalie nathan nawal nazli nelson nesrine nia nida nils nihal nilay
    niki nikki nikita nino nisa nisrine nolan noelle nordin norah noraly nour noura nurcan nuray odin okan oguz olav
    ole omer onur orhan osman ouassim ozan ozlem patryk pavel pawel peggy petr pia piotr polly prem pranav priya
    quincy quin rabia radboud rafael rafal rahul raisa rajesh rakesh ramazan rami rana rania rayan rashid ravi redouan
    reda reinder reinout reza rhea rida rim robbert robbin roberta roberto robbie roksana romain roman romaisa romee
    rosita roxanne rojda ronja rosalinde rowena ruby rutgerd saad sabah sabri sadia safae safia sahin salah salih
    salim salima salomon sami sana sandor sanjay santi santino santos sarita sascha savannah sebastian sefa selin
    selim semih semra sena serap sevda sevgi sevim sharona shanti shane shaun shay sien sibel sidney siham sinan sita
    sienna siri sjoukje skye soerajh sofian soumaya sonay sten stanislaw stijntje suleyman sultan summer sunil sunita
    suraya suzan svenja sybe sylvester szymon tarik tariq tayfun teuntje teodor terry thalia theodoor thirza thieme
    thor thymen tiago tibor tijs tiffany timo timon tjeerd tjitske tobie tomas tomasz tooske tuana tugba turan tygo
    tycho tyler ugur umut usha vahid valentina veysel vicky vijay vik vikas viktor viola virginia vito volkan wafa wai
    walid wanda warsha wassim wei wiktoria wojciech yael yahya yakup yaren yari yasir yassir yavuz yildiz yfke yorick
    yoran yosra younis yunus yusra yuri yves yvette zahra zakariya zara zayn zehra zeger zoey zineb zuzanna`,
};

const of: Record<string, number> = {};
for (const [share, names] of Object.entries(PER_10_000).toReversed())
  for (const name of names.trim().split(/\s+/)) of[name] = Number(share) / 10_000;

/** Of names that are not in the list: most are borne by fewer, but who has one may be named after another. */
const OTHER = 0.001;

export const GIVEN_NAMES = { of, other: OTHER };
