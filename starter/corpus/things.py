"""Facts about things, one line a fact: colours, uses, sizes, meanings, families."""

from starter.corpus.grammar import listed

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


SIZES = listed("ant bee mouse frog apple bird hen cat dog sheep pig cow horse elephant bus house ship castle mountain")


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
