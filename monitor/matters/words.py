"""The field's words, by hand: which mean one thing in a headline, and how much each one tells.

General tables, made of the vocabulary of the beat and of plain English; nothing in them was counted
on stored items, so that two items are compared alike wherever and whenever it happens.
"""

from __future__ import annotations

from collections.abc import Mapping

# Words that tell nothing about an event.
_SILENT = """
co a about above according across actually after again against ago ahead all allegedly almost
along already also although am amid among amp an and another any anyone anything are around as
asks at away back be became because been before behind being below beside best better between
beyond big bigger both but by came can cannot case comes coming could de despite did do does doing
done down due during each early either else enough even ever every everyone everything exclusive
explain explained explains expected far few first following for former from full further gave get
gets getting give given gives go goes going gone good got great had happen happened has have
having he her here him his how however i if in inside instead into is it its just know known la
largely last late later latest least less let like likely live ll long look looks made make makes
making many may maybe me meet might mn more moments most mr mrs ms much must my near need needs
new news next no none nor not nothing now of off often old on once one only onto or other others
our out outside over own p part people per perhaps possible put quite rather re read really recent
recently s said same saw say says saying see seen separate several shall she should show shows
since so some someone something soon still story such t take taken takes taking talk tell tells
than that the their them then there these they thing things think this those though through thus
time times to today together told tomorrow tonight too took top toward towards tv two under until
up update updated updates upon us use used using ve very via video want wants was watch way ways
we week weekend weeks well were what when where whether which while who whom whose why will with
within without would year years yes yesterday yet you your report reports reported source sources
officials official family monday tuesday wednesday thursday friday saturday sunday january
february march april june july august september october november december day days month months
breaking opinion commentary editorial photos ap afp reuters upi associated press
"""

# One concept a line: its name, then words (as written, singular) that stand for it. A word that is
# in no line stands for itself, without its ending.
_CONCEPTS = """
ice: ice immigrant-agent immigration-agent immigration-officer federal-agent federal-officer
ice: border-patrol cbp immigration-and-customs-enforcement customs-enforcement federal-authority
ice: federal-immigration-agent federal-immigration-officer ice-agent ice-officer border-agent
ice: immigration-authority fed agent homeland-security-officer dhs-officer dhs-agent
ice: federal-immigration-authority deportation-officer
immigration: immigration immigrant migrant migration noncitizen alien undocumented
dhs: dhs homeland-security department-of-homeland-security
doj: doj justice-department department-of-justice us-attorney
trump: trump trump-administration trump-admin president-trump donald-trump president-donald-trump
administration: administration admin
surge: surge crackdown operation blitz sweep operation-metro-surge metro-surge enforcement-surge
raid: raid roundup
detain: detain detention detainee custody jail jailed hold-without imprison lockup
deport: deport deportation removal expulsion expel
release: release freed freeing free
judge: judge federal-judge jurist district-judge
court: court federal-court district-court
court+appeals: appeal-court court-of-appeal circuit-court circuit-panel appellate-court
court+appeals: federal-appeal-court
court+supreme: supreme-court scotus high-court
sue: sue lawsuit suit suing litigation legal-action legal-challenge
block: block halt bar stop pause enjoin injunction freeze suspend prohibit restrain ban
denied: won't-halt won't-block won't-stop won't-pause decline-to-block decline-to-halt refuse-to-
denied: block
denied: refuse-to-halt deny-bid deny-request deny-motion reject-bid reject-effort reject-request
denied: block-effort block-bid block-attempt halt-effort stop-effort refuse-to-pause decline-to-
denied: pause
block: restraining-order temporary-order strike-down
end: end conclude conclusion wrap-up terminate termination cancel rescind revoke repeal
drawdown: drawdown draw-down wind-down scale-back
leave: leave depart departure exit withdraw withdrawal pull-out oust
order: order demand command compel summon direct
appear: appear appearance show-up
contempt: contempt
testify: testify testimony
shoot: shoot shot shooting gunfire gunned gun-down open-fire
kill: kill killing dead death die fatal fatally deadly slain
man: man men male
woman: woman women female
child: child kid boy girl toddler minor preschooler kindergartner
parent: father dad mother mom parent
police: police cop officer sheriff deputy law-enforcement
protest: protest protester demonstrator demonstration rally march-against
arrest: arrest bust nab apprehend charge indict indicted arraign
plead: plead guilty-plea plead-guilty
sentence: sentence
threaten: threaten threat menace threatening
attack: attack assault ambush
camera: camera cam body-camera body-cam body-worn bodycam bodycams
mask: mask face-covering
warrant: warrant warrantless
request: request seek ask petition urge call-for
expedite: expedite fast-track speed-up
chief: chief leader head director acting-director boss czar border-czar
bill: bill legislation proposal measure act law
propose: propose unveil introduce introduces
sanctuary: sanctuary sanctuary-city sanctuary-jurisdiction sanctuary-state
fund: fund funding money grant dollar
condition: condition requirement string
coalition: coalition alliance
ag: attorney-general attorneys-general ag ags
governor: governor gov
mayor: mayor
council: council councilmember alderman commissioner supervisor
commission: commission board
approve: approve pass adopt ok okay greenlight
sign: sign enact
veto: veto
reject: reject nix fail voted-down vote-down deny refuse decline rebuff defeat dismiss toss
delay: delay postpone table defer
appeal: appeal
hear: argument hearing consider weigh
win: win victory prevail side-with
uphold: uphold affirm
lift: lift overturn reverse vacate undo
announce: announce announcement declare unveil-plan
deal: agreement partnership deal pact contract moa mou accord
renegotiate: renegotiate renegotiation
investigate: investigate investigation probe inquiry
body: body
attorney: attorney lawyer counsel
democrat: democrat democratic dem dems
republican: republican gop
congress: congress congressional
senate: senate senator
house: house house-republican house-democrat representative
limit: limit restrict restriction curb
require: require mandate
school: school student classroom teacher
nurse: nurse icu-nurse
hospital: hospital clinic health-care healthcare
airport: airport
guard: national-guard guard troop soldier
deploy: deploy deployment mobilize activate send-troops
consulate: consulate consular
outage: outage blackout
crippled: cripple paralyze
border: border
worker: worker employee
business: business company firm
home: home
white-house: white-house
city: city citywide
state: state statewide
county: county countywide
expand: expand expansion
jurisdiction: jurisdiction
president: president presidential
federal: federal federally
noem: noem kristi-noem
rule: rule ruling decision
resign: resign resignation quit step-down
strike: strike walkout walk-out
vigil: vigil memorial mourn mourner mourning
apology: apology apologize
gas: tear-gas pepper-spray chemical-irritant chemical-agent pepper-ball
citizen: citizen us-citizen american-citizen citizenship
legislator: legislator legislature lawmaker statehouse
online: online virtual remote remotely
accuse: accuse allege claim
condemn: condemn denounce criticize blast slam rip decry
vow: vow pledge promise
warn: warn warning caution
oppose: oppose opposition resist
endorse: endorse support back
poll: poll survey
shutdown: shutdown government-shutdown
send: send dispatch
insurrection: insurrection-act insurrection
refugee: refugee asylum-seeker
autopsy: autopsy medical-examiner coroner
homicide: homicide murder slaying
footage: footage recording bystander-video
subpoena: subpoena subpoenaed
immunity: immunity
tip: tip advice advise
flight: flight plane airline
hotel: hotel motel inn
facility: facility center
church: church congregation parish
store: store shop retailer
restaurant: restaurant cafe eatery
volunteer: volunteer observer legal-observer
oversight: oversight accountability
visit: visit tour inspect
record: record document
"""

# What is in so many stories of the beat that it hardly tells one from another.
FAINT = """
coalition ice immigration trump administration federal judge state city county police law
government president enforcement senate house american america man woman person public call back
try use set case plan country white department official local block bill order surge border
congress ag court
"""
# What is common in news of any kind.
COMMON = """
condition assist grant legislator facility sue authority detain deport kill shoot arrest protest
council mayor governor republican democrat attorney announce chief doj dhs fund request rule
appeal hear win reject approve sign propose deal limit require school child parent release end
leave threaten attack group leader community resident member national nation right security life
family work worker business home house service program policy change support move help start turn
run open close face fight join lead hit send bring keep hold pay cost money tax price market sale
sport game team play star season super bowl olympic winter storm snow weather power cold world war
russia china europe uk british canada health medical care doctor hospital drug test study vote
voter election campaign poll party candidate crash fire car road street student teacher university
college church food water air energy oil gas climate park tree job company firm bank stock trade
tech phone app ai online media show film movie music book art history human social youth senior
veteran military army force guard border sanctuary record data file document letter statement
claim accuse deny admit plead sentence prison jail crime criminal victim suspect gun fraud abuse
sex murder name identify find search conspiracy scheme launder smuggle traffick defraud robbery
firearm weapon possession distribute guilty convict defendant role international investigate probe
commit theft steal violent felony fugitive gang lawyer hearing trial jury case court docket motion
petition ruling decision issue oppose criticize blast slam vow warn pledge condemn defend
celebrate honor award proceed continue remain allow create offer provide receive include expect
allege possible possibly potential potentially temporary temporarily attempt agree enter remove
add begin launch visit travel return escape ask answer explain reveal discover believe feel love
hate lose follow push pull involve concern focus target strike hurt injure damage destroy protect
save serve build develop design become appear risk refuse decline defy ignore violate comply obey
enforce cooperate participate early rapid quick slow sudden massive huge tiny giant dramatic
sweeping historic controversial popular famous top junior deputy acting former interim private
local regional global billion million trillion area neighborhood downtown avenue building center
people neighbor friend stranger crowd survivor witness expert critic supporter advocate activist
volunteer organizer union boss executive minister king prince actor singer impact effect spread
grip widespread federal statewide nationwide region north south east west northern southern site
office line number thousand percent hundred dozen half third second minute hour night morning
action effort bid demand question reaction response warning fear anger lift lower rise fall drop
cut raise grow increase decrease high low small large major minor key best worst most final total
whole real free fresh hot ready strong weak hard easy safe judge operation agency staff crew
commission board committee county district rescue photo image view
"""


def _tables() -> tuple[Mapping[str, str], Mapping[tuple[str, ...], str]]:
    """Split the lines of concepts into single words and phrases."""
    single: dict[str, str] = {}
    several: dict[tuple[str, ...], str] = {}
    for line in _CONCEPTS.strip().splitlines():
        name, _, said = line.partition(":")
        for word in said.split():
            parts = tuple(word.split("-"))
            if len(parts) > 1:
                several[parts] = name
            else:
                single.setdefault(word, name)
    return single, several


SILENT = frozenset(_SILENT.split())
# A word, or a phrase of two to four, and the concept for which it stands.
CONCEPTS, PHRASES = _tables()
OPENERS = frozenset(words[0] for words in PHRASES)
