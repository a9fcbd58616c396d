"""Letters beyond ASCII that languages are written with, and the encodings of single bytes for them.

Of each language the most frequent letters are first. `MIXED` are those of all Western languages, as
names of people and places from everywhere have them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WINDOWS_1252 = "windows-1252"
WESTERN = (WINDOWS_1252, "iso8859-15", "cp850", "mac-roman")
CENTRAL_EUROPEAN = ("cp1250", "iso8859-2", "cp852")
CYRILLIC = ("cp1251", "koi8-r", "cp866", "mac-cyrillic")
BALTIC = ("cp1257",)
TURKISH = ("cp1254", "cp857")
GREEK = ("cp1253", "iso8859-7")
ARABIC = ("cp1256", "iso8859-6")
RARE = frozenset({"iso8859-15", "cp852", "cp857", "mac-roman", "mac-cyrillic", "iso8859-6"})
MIXED = "éüöäáíóåèøñçàãæúêôßâîëïòùõûìœðþýšž"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alphabet:
    """The letters of a language, and in which encodings its texts may be.

    A Latin one has most of its letters in ASCII, so those beyond it stand singly among these.
    """

    letters: str
    encodings: Sequence[str]
    is_latin: bool = True
    is_mixed: bool = False


ALPHABETS = (
    Alphabet(letters=MIXED, encodings=WESTERN, is_mixed=True),
    Alphabet(letters="üäöß", encodings=WESTERN),  # German
    Alphabet(letters="éèàêçôâîùûëïœæü", encodings=WESTERN),  # French
    Alphabet(letters="óíáéñúü", encodings=WESTERN),  # Spanish
    Alphabet(letters="ãçáéíóõêâúôàü", encodings=WESTERN),  # Portuguese
    Alphabet(letters="èàòùìéî", encodings=WESTERN),  # Italian
    Alphabet(letters="äöåéü", encodings=WESTERN),  # Swedish, Finnish
    Alphabet(letters="øåæéöäü", encodings=WESTERN),  # Danish, Norwegian
    Alphabet(letters="ëéïöüèç", encodings=WESTERN),  # Dutch
    Alphabet(letters="áðíóéúöþýæ", encodings=WESTERN),  # Icelandic
    Alphabet(letters="łóążęśćńź", encodings=CENTRAL_EUROPEAN),  # Polish
    Alphabet(letters="íáěéřžčšýůúňťďó", encodings=CENTRAL_EUROPEAN),  # Czech
    Alphabet(letters="áéíčýšžťúňľďôäóĺŕ", encodings=CENTRAL_EUROPEAN),  # Slovak
    Alphabet(letters="áéöóőíüúű", encodings=CENTRAL_EUROPEAN),  # Hungarian
    Alphabet(letters="čšžćđ", encodings=CENTRAL_EUROPEAN),  # Croatian, Slovene
    Alphabet(letters="ăîşâţ", encodings=CENTRAL_EUROPEAN),  # Romanian
    Alphabet(letters="ėšžųįūčąę", encodings=BALTIC),  # Lithuanian
    Alphabet(letters="āīēšūņļžģķč", encodings=BALTIC),  # Latvian
    Alphabet(letters="äõüöšž", encodings=(*BALTIC, *WESTERN)),  # Estonian
    Alphabet(letters="ıüşğçöİâî", encodings=TURKISH),  # Turkish
    Alphabet(  # Russian
        letters="оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", encodings=CYRILLIC, is_latin=False
    ),
    Alphabet(  # Bulgarian, Serbian
        letters="оаиетнрсвлкдпмзуябъгчцжщшхюфйьјћњљђџ", encodings=CYRILLIC, is_latin=False
    ),
    Alphabet(  # Ukrainian
        letters="оаніитеврслкудмпязьбгчйхцжюїшєщфґ",
        encodings=("cp1251", "koi8-u"),
        is_latin=False,
    ),
    Alphabet(letters="αιτοσεςνηρκπλμυίόάγδθχέύήωβφώξζψϊϋΐ", encodings=GREEK, is_latin=False),
    Alphabet(letters="יוהלאמרתבשנכעדחקפםגזטןסץךף", encodings=("cp1255",), is_latin=False),  # Hebrew
    Alphabet(letters="اليمنوترعبدهسكفحقةشجأصخطزضذغثىئءظؤإآ", encodings=ARABIC, is_latin=False),
    Alphabet(  # Thai, with its marks of vowels and tones
        letters="านร่อกเงม้ยลวดทสั\u0e30ตปบ\u0e34\u0e35คหแจพช\u0e38ข\u0e39\u0e4cใ"
        "ไโผซณฐธศญภ\u0e37\u0e36\u0e47ถฟ\u0e4a\u0e46ฎฏำฤ\u0e4b",
        encodings=("cp874",),
        is_latin=False,
    ),
)
