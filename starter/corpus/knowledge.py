"""The rows behind `facts`: one line a fact."""

COLOURS = tuple(
    tuple(row.split(": "))
    for row in """
the sky: blue
the sea: blue
grass: green
a leaf: green
a frog: green
a tree: green
a banana: yellow
the sun: yellow
a lemon: yellow
butter: yellow
a tomato: red
blood: red
a strawberry: red
a cherry: red
a fire engine: red
a rose: red
snow: white
milk: white
a cloud: white
salt: white
a swan: white
an orange: orange
a carrot: orange
a pumpkin: orange
a crow: black
coal: black
the night: black
a grape: purple
a plum: purple
a violet: purple
a pig: pink
a flamingo: pink
chocolate: brown
a bear: brown
wood: brown
a chestnut: brown
a mouse: grey
an elephant: grey
a stone: grey
gold: yellow
a penguin: black and white
a zebra: black and white
a cucumber: green
the moon: white
sand: yellow
a blueberry: blue
honey: golden
""".strip().splitlines()
)

OPPOSITES = tuple(
    tuple(pair.split("/"))
    for pair in (
        "hot/cold big/small up/down day/night fast/slow happy/sad old/young good/bad open/closed full/empty wet/dry "
        "hard/soft dark/bright high/low long/short left/right in/out on/off early/late rich/poor strong/weak clean/dirty "
        "loud/quiet near/far thick/thin heavy/light first/last black/white yes/no true/false begin/end push/pull "
        "give/take laugh/cry love/hate friend/enemy inside/outside front/back above/below always/never more/less "
        "easy/difficult sweet/sour win/lose buy/sell awake/asleep brave/cowardly smooth/rough sharp/blunt "
        "wide/narrow deep/shallow summer/winter sunrise/sunset north/south east/west alive/dead safe/dangerous"
    ).split()
)

USES = tuple(
    tuple(row.split(": "))
    for row in """
a knife: cut bread
a spoon: eat soup
a fork: eat noodles
a cup: drink tea
a bed: sleep
a chair: sit
a pen: write
a pencil: draw
a book: read
a key: open a door
a broom: sweep the floor
a brush: paint
a comb: tidy your hair
a hammer: hit nails
a saw: cut wood
a needle: sew clothes
a lamp: make light
a candle: make light
a clock: tell the time
a phone: call a friend
an umbrella: stay dry in the rain
a coat: stay warm
a boat: cross the water
a ship: cross the sea
a car: drive to places
a bike: ride to school
a plane: fly far away
a map: find the way
a compass: find north
a rope: tie things
a ladder: climb up high
a bucket: carry water
a basket: carry apples
a bag: carry things
a ball: play
a kite: play in the wind
a drum: make music
a piano: make music
a towel: dry your hands
soap: wash your hands
a toothbrush: clean your teeth
an oven: bake bread
a pot: cook soup
a fridge: keep food cold
a shovel: dig a hole
a mirror: see yourself
a camera: take pictures
a stamp: send a letter
scissors: cut paper
a pillow: rest your head
a net: catch fish
a bell: call people
a telescope: look at the stars
an anchor: hold a ship in place
a sail: catch the wind
a bridge: cross a river
a whistle: make a loud sound
a window: let in light
an axe: chop wood
a glass: drink water
""".strip().splitlines()
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

SIZES = "ant bee mouse frog apple bird hen cat dog sheep pig cow horse elephant bus house ship castle mountain".split()

MEANINGS = tuple(
    tuple(row.split(": "))
    for row in """
a ship: a big boat that sails on the sea
an island: land with water all around it
a treasure: a hidden heap of gold and jewels
a treasure map: a paper that shows where gold is hidden
an anchor: a heavy iron hook that holds a ship
a mast: the tall pole that carries the sails
a sail: a big cloth that catches the wind
a deck: the floor of a ship
a harbour: a safe place for ships
a lighthouse: a tower with a light for ships
a crew: the people who work on a ship
a captain: the leader of a ship
a parrot: a colourful bird that can copy words
a castle: a big strong house of stone
a knight: a brave soldier on a horse
a dragon: a big fire animal in stories
a robot: a machine that can move and work
a poem: a short text with rhythm
a song: music with words
a story: a tale about people or things
a forest: a place with many trees
a river: water that flows to the sea
a mountain: a very high hill
a desert: a dry land with much sand
the sun: the star that gives us light
the moon: the ball of rock that shines at night
a star: a far away sun
rain: water that falls from the clouds
snow: frozen water that falls in winter
wind: moving air
ice: frozen water
fire: something hot and bright that burns
a storm: strong wind with rain
a rainbow: a bow of colours in the sky
an apple: a round fruit from a tree
bread: food made from flour
cheese: food made from milk
butter: food made from milk
honey: sweet food made by bees
tea: a hot drink made from leaves
milk: a white drink from cows
soup: hot food that you eat with a spoon
a friend: a person who likes you and helps you
a family: parents and children together
a school: a place where children learn
a library: a place with many books
a garden: a place where plants grow
a birthday: the day you were born, each year again
a computer: a machine that works with numbers and words
a question: something you ask
""".strip().splitlines()
)

KINDS_OF = (
    ("fruit", "an apple, a banana, a cherry, a pear, a plum, a grape, a lemon, a peach"),
    ("animal", "a dog, a cat, a horse, a cow, a lion, a mouse, a sheep, a frog"),
    ("vegetable", "a carrot, a cabbage, an onion, a potato, a bean, a pea, a turnip"),
    ("colour", "red, blue, green, yellow, black, white, orange, purple, pink, brown"),
    ("tool", "a hammer, a saw, a shovel, an axe, a ladder, a broom"),
    ("drink", "water, milk, tea, juice, coffee, lemonade"),
    ("season", "spring, summer, autumn, winter"),
    ("flower", "a rose, a tulip, a daisy, a violet, a lily"),
    ("toy", "a doll, a kite, a puzzle, a teddy bear, a puppet"),
    ("vehicle", "a car, a bus, a train, a ship, a bike, a plane, a tractor"),
    ("instrument", "a drum, a piano, a violin, a flute, a guitar, a trumpet"),
)
