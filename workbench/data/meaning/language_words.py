"""What languages are told apart by: their commonest words, their letters beyond a to z, and their scripts."""

COMMON_WORDS = {
    "en": "the of and to in is that it was for on are as with they at be this have from or had by but what some we "
    "can out other were all there when your how said an each she which do their will way about many then them "
    "would you not his her has more does who could should i my",
    "de": "der die das und ist nicht ein eine einen einer eines ich sie es er wir ihr zu den dem des mit auf für "
    "von im sich auch wie was wird bei aus oder aber nach wenn man noch nur über werden sind hat haben kann "
    "zum zur ihre mein meine einem diese dieser dass am um",
    "pl": "i w na z nie się do to jest że o jak co po za od przez dla ale czy tak są być był tym ma tego może już "
    "jego jej tylko ich który która które oraz lub gdy bardzo mnie sobie jako też przed pod możesz można mój "
    "moje ze",
    "nb": "og i det er på en et som for av til at ikke med de har jeg den vi var om kan du fra men så hva hvordan "
    "ble også etter eller være noe noen mye meg deg seg skal vil når alle bare bør ut nå hvor mer mellom "
    "gjøre ditt mitt uke selv dere går vært får",
    "da": "og i det er på en et som for af til at ikke med de har jeg den vi var om kan du fra men så hvad hvordan "
    "blev også efter eller være noget nogen meget mig dig sig skal vil når alle kun bør ud nu hvor mere "
    "mellem gøre dit mit uge selv jer går været får",
    "sv": "och i det är på en ett som för av till att inte med de har jag den vi var om kan du från men så vad hur "
    "blev också efter eller vara något någon mycket mig dig sig ska vill när alla bara bör ut nu där mer "
    "mellan göra ditt mitt hon han varit får",
    "fr": "le la les de des du et est une un en que qui dans pour pas sur au aux ne il elle nous vous ils je se ce "
    "cette par plus avec sont mais ou où son sa ses être avoir comme tout on leur a été fait votre mon ma mes "
    "peut quel quelle comment si",
    "ro": "și de la în a cu pe nu este un o care din să se sunt pentru că ce mai sau dar ca au am fost fi ai prin "
    "după între către când cum unde dacă lui ei ale al acest această aceasta poate foarte trebuie meu mea mi "
    "îmi vă unei unui si in sa",
    "es": "el la los las de que y en un una es se no por con para del al lo como más pero sus le ya o este sí "
    "porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos qué cómo cuál son "
    "fue está yo mi tu puede usted",
    "it": "il lo la i gli le di che e è un una in per non si da con del della dei delle al alla sono come più ma "
    "anche nel nella questo questa se ci ha ho mi quando dove chi cosa perché molto essere fare può tuo mio "
    "qual quale dal tra fra",
    "pt": "o a os as de que e em um uma é se não por com para do da dos das no na nos nas ao como mais mas seu sua "
    "foi ser está são você eu ele ela isso este esta também já ou quando muito há onde quem pelo pela até meu "
    "minha qual pode sem",
    "nl": "de het een en van in is dat niet op te zijn voor met die aan er ook als maar bij om uit dan naar wat hoe "
    "ik je jij u hij ze wij we kan worden wordt door over nog geen of heeft hebben mijn jouw uw deze dit waar "
    "wie meer veel moet",
    "cs": "a v na se je že to s z do o i jak co ale pro za by jsem jste jsou být byl byla bylo tak jeho její už "
    "nebo který která které také jen když po od při si mi můj má mít kde kdo než proč protože velmi může "
    "můžete ve ze",
}
"""Those of the languages that are written with Latin letters."""

LETTERS = {
    "en": "éï", "de": "äöüß", "pl": "ąćęłńóśźż", "nb": "æøåéòô", "da": "æøåé", "sv": "åäöé",
    "fr": "àâæçéèêëîïôœùûüÿ", "ro": "ăâîșțşţ", "es": "áéíñóúü", "it": "àèéìíòóùú", "pt": "ãáâàçéêíõóôúü",
    "nl": "éëïóöüáè", "cs": "áčďéěíňóřšťúůýž",
}  # fmt: skip

SCRIPTS = (
    ("el", "\u0370", "\u03ff"),
    ("ru", "\u0400", "\u052f"),
    ("he", "\u0590", "\u05ff"),
    ("ar", "\u0600", "\u06ff"),
    ("hi", "\u0900", "\u097f"),
    ("th", "\u0e00", "\u0e7f"),
    ("ja", "\u3040", "\u30ff"),
    ("zh", "\u4e00", "\u9fff"),
    ("ko", "\uac00", "\ud7af"),
)
"""Languages that their script tells, with its first and last letter."""
