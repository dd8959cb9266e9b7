"""The kinds of exchange that the corpus is made of: one row a kind, and how often it comes."""

from typing import NamedTuple

from starter.corpus import animals, calendar, facts, life, play, refusal, smalltalk, stories, sums
from starter.corpus.grammar import Maker


class Kind(NamedTuple):
    name: str
    weight: float
    make: Maker


KINDS = (
    Kind("greeting", 4, smalltalk.make_greeting),
    Kind("identity", 4, smalltalk.make_identity),
    Kind("mood question", 2, smalltalk.make_mood_question),
    Kind("mood", 2, life.make_mood),
    Kind("like", 4, life.make_like),
    Kind("family", 3, life.make_family),
    Kind("weather", 2, life.make_weather),
    Kind("food talk", 2, life.make_food_talk),
    Kind("thanks", 1.5, smalltalk.make_thanks),
    Kind("goodbye", 1.5, smalltalk.make_goodbye),
    Kind("praise", 1.5, smalltalk.make_praise),
    Kind("help", 2.5, smalltalk.make_help),
    Kind("short answer", 1, smalltalk.make_short_answer),
    Kind("news", 1.5, life.make_news),
    Kind("animal sound", 4, animals.make_sound),
    Kind("who says", 1.5, animals.make_who_says),
    Kind("animal home", 2.5, animals.make_home),
    Kind("animal food", 2.5, animals.make_food),
    Kind("animal young", 2, animals.make_young),
    Kind("animal legs", 1.5, animals.make_legs),
    Kind("animal ability", 2, animals.make_ability),
    Kind("colour", 4, facts.make_colour),
    Kind("colour check", 1, facts.make_colour_check),
    Kind("opposite", 4, facts.make_opposite),
    Kind("use", 4, facts.make_use),
    Kind("tool for", 1.5, facts.make_tool_for),
    Kind("job", 3, facts.make_job),
    Kind("where", 3, facts.make_where),
    Kind("reason", 3, facts.make_reason),
    Kind("comparison", 2, facts.make_comparison),
    Kind("meaning", 3, facts.make_meaning),
    Kind("kind of", 2, facts.make_kind_of),
    Kind("sum", 8, sums.make_sum),
    Kind("difference", 7, sums.make_difference),
    Kind("count", 3, sums.make_count),
    Kind("neighbour", 2.5, sums.make_neighbour),
    Kind("greater", 2, sums.make_greater),
    Kind("repeat", 1, sums.make_repeat),
    Kind("spelling", 0.7, sums.make_spelling),
    Kind("how many", 1.5, sums.make_how_many),
    Kind("next day", 5, calendar.make_next),
    Kind("season", 1, calendar.make_season),
    Kind("calendar fact", 2, calendar.make_fact),
    Kind("story", 9, stories.make_story),
    Kind("any story", 0.7, stories.make_any_story),
    Kind("interjection", 1.5, play.make_interjection),
    Kind("rhyme", 1.5, play.make_rhyme),
    Kind("joke", 0.7, play.make_joke),
    Kind("poem", 0.7, play.make_poem),
    Kind("tongue twister", 0.2, play.make_tongue_twister),
    Kind("echo", 2.5, play.make_echo),
    Kind("unknown", 5, refusal.make_unknown),
    Kind("nonsense", 0.7, refusal.make_nonsense),
)
