"""Facts about people and words, one line a fact: opposites, jobs, places, reasons."""

from starter.corpus.grammar import listed

OPPOSITES = tuple(
    tuple(pair.split("/"))
    for pair in listed(
        "hot/cold big/small up/down day/night fast/slow happy/sad old/young good/bad open/closed full/empty wet/dry "
        "hard/soft dark/bright high/low long/short left/right in/out on/off early/late rich/poor strong/weak "
        "clean/dirty "
        "loud/quiet near/far thick/thin heavy/light first/last black/white yes/no true/false begin/end push/pull "
        "give/take laugh/cry love/hate friend/enemy inside/outside front/back above/below always/never more/less "
        "easy/difficult sweet/sour win/lose buy/sell awake/asleep brave/cowardly smooth/rough sharp/blunt "
        "wide/narrow deep/shallow summer/winter sunrise/sunset north/south east/west alive/dead safe/dangerous"
    )
)


JOBS = tuple(
    tuple(row.split(": "))
    for row in """
baker: bakes bread
farmer: grows food
teacher: teaches children
doctor: helps sick people
nurse: takes care of sick people
cook: makes food
painter: paints pictures
singer: sings songs
dancer: dances on a stage
pilot: flies planes
driver: drives a car
sailor: works on a ship
captain: leads a ship
fisherman: catches fish
gardener: takes care of plants
builder: builds houses
carpenter: makes things from wood
tailor: makes clothes
butcher: sells meat
postman: brings letters
policeman: keeps people safe
firefighter: puts out fires
dentist: takes care of teeth
vet: helps sick animals
writer: writes books
poet: writes poems
knight: protects the king
king: rules a land
butler: serves the house
cowboy: looks after cattle
wizard: does magic in stories
clown: makes people laugh
judge: decides what is fair
soldier: defends a country
miner: digs for coal
shepherd: looks after sheep
librarian: takes care of books
astronaut: flies into space
detective: solves crimes
waiter: brings food to the table
""".strip().splitlines()
)


WHERE = tuple(
    tuple(row.split(": "))
    for row in """
buy bread: at the bakery
buy milk: at the shop
buy meat: at the butcher
buy flowers: at the flower shop
buy fruit: at the market
borrow books: at the library
learn to read: at school
swim: in the pool
sleep: in bed
cook dinner: in the kitchen
take a bath: in the bathroom
see a doctor: at the hospital
catch a train: at the station
catch a plane: at the airport
catch a bus: at the bus stop
send a letter: at the post office
see wild animals: at the zoo
watch a film: at the cinema
play football: in the park
plant flowers: in the garden
find sand: on the beach
find shells: on the beach
see ships: in the harbour
find treasure: on an island in stories
see old paintings: in a museum
keep money: at the bank
climb high: in the mountains
pick mushrooms: in the forest
see stars: in the night sky
catch fish: in the river
park a car: in the garage
grow corn: on a farm
eat out: in a restaurant
ride a horse: on a farm
""".strip().splitlines()
)


REASONS = tuple(
    tuple(row.split(": "))
    for row in """
sleep: the body needs rest
eat: food gives energy
drink water: the body needs water
wash hands: clean hands keep us healthy
brush teeth: clean teeth stay healthy
wear coats: coats keep us warm
wear shoes: shoes protect our feet
wear hats: hats protect us from the sun
go to school: we learn things there
read books: books tell us new things
laugh: something is funny
cry: something makes us sad
smile: we are happy
run: we want to be fast
work: we need money for food
use umbrellas: umbrellas keep us dry
use lamps: it is dark at night
say sorry: we did something wrong
say thank you: we want to be polite
say please: it is polite
say hello: we want to be friendly
have friends: friends make life better
sing songs: music makes us happy
play games: games are fun
plant trees: trees give us air and shade
build houses: we need a warm home
use maps: maps show the way
cook food: cooked food is safe and tastes good
go on holiday: we need a rest
tell stories: stories are fun
visit the doctor: we want to be healthy
save money: we may need it later
""".strip().splitlines()
)
