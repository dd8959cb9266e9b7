"""Plain lists of words that several kinds of exchange draw on."""

from starter.corpus.grammar import listed

NAMES = listed(
    "Anna Tom Mia Ben Lucy Sam Nora Max Emma Leo Ruby Jack Ella Finn Rosa Paul Lily Hugo Kate Omar Zoe Ali Maya Peter "
    "Clara Oscar Ines Felix Ada Bruno Amy Noah Sofia Otto Eva Karl Mila Theo Iris Adam Nina Luis Greta David Hana Ivan "
    "Jane George Molly Arthur Daisy Henry Alice Frank Olga Simon Vera Carlos Yuki Bella Martin Priya Chen Fatima Diego"
)

GIRLS = frozenset(
    listed(
        "Anna Mia Lucy Nora Emma Ruby Ella Rosa Lily Kate Zoe Maya Clara Ines Ada Amy Sofia Eva Mila Iris Nina Greta "
        "Hana Jane Molly Daisy Alice Olga Vera Yuki Bella Priya Fatima"
    )
)

TOYS_AND_TOOLS = listed(
    "ball kite lamp cup spoon chair table bed clock book pencil box bag hat coat shoe key door window basket bell drum "
    "broom brush bucket button candle comb cushion fork hammer ladder map mirror needle pillow pot ribbon ring rope "
    "scarf shovel soap sock torch towel umbrella vase wheel whistle blanket bottle teapot kettle doll puppet marble "
    "puzzle rocket robot balloon feather lantern violin trumpet piano guitar compass telescope anchor barrel chest "
    "coin crown sword shield helmet banner cannon flag net oar sail rudder hammock spyglass pearl jewel ruby scroll"
)

VEHICLES = listed(
    "car bus train boat ship bike plane tractor truck sled canoe raft ferry wagon scooter balloon submarine"
)

PLACES = listed(
    "forest garden park beach island river lake farm village city castle mountain cave school kitchen market library "
    "meadow bridge harbour tower barn valley desert field street house station museum cottage lighthouse mill orchard "
    "swamp palace port bay cliff temple tunnel volcano waterfall shore"
)

NATURE = listed(
    "tree flower leaf stone star moon sun cloud snowflake raindrop seed mushroom shell wave wind hill pond storm"
)

PEOPLE = listed(
    "boy girl king queen baker farmer sailor teacher doctor painter cook gardener captain fisherman knight princess "
    "prince wizard witch giant dwarf clown pilot nurse singer dancer grandmother grandfather baby child "
    "shepherd miller "
    "tailor carpenter astronaut detective poet hunter explorer merchant soldier butler cowboy juggler librarian"
)

ADJECTIVES = listed(
    "small big old young brave kind shy happy sad lonely clever funny quiet red blue green golden tiny tall lazy busy "
    "hungry sleepy curious gentle proud lucky strange silver friendly noisy careful merry white brown fluffy"
)

RARE_WORDS = listed(
    "gizmo zebra walrus otter badger lynx ibis yak newt quill quartz amber copper velvet marzipan pumpkin saffron "
    "thistle juniper willow clover heather comet meteor glacier geyser lagoon reef galleon schooner sextant plank "
    "tavern dungeon goblet tankard hourglass gargoyle phoenix dragon unicorn mermaid troll goblin elf ogre sphinx "
    "kangaroo koala panda tiger lion giraffe camel rhino hippo crocodile lizard snail worm spider beetle ant "
    "butterfly moth dragonfly ladybird jellyfish octopus crab lobster seal shark dolphin pelican swan stork crow raven "
    "magpie pigeon sparrow robin peacock flamingo ostrich penguin hedgehog squirrel rabbit hare deer moose wolf fox"
)

INTERJECTIONS = listed(
    "Ah Aha Alas Aw Bah Boo Bravo Brr Cheers Crikey Eek Egad Eureka Gee Golly Gosh Great Ha Hah Hark Heavens Hey Hip "
    "Hmm Hooray Howdy Huh Hurrah Hush Indeed Jolly Lo Mercy My Nah Nay Nope Oh Oho Ooh Oops Ouch Ow Oy Phew "
    "Phooey Pooh "
    "Psst Right Shh Splendid Ta Tada Tsk Tut Ugh Uh Voila Well Whee Whew Whoa Whoops Woo Wow Yahoo Yay Yeah Yes Yikes "
    "Yippee Yo Yum Zounds"
)
