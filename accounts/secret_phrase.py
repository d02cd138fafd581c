"""The secret phrase: what makes one, and the steady false one that an unknown IC number is shown.

A decoy is made in the shape that drivers choose, two to four lower-case words, so that the page
does not tell who has an account. It depends on a key and the IC number only: it is the same after
a restart and on every server.
"""

import hmac
import re
from hashlib import sha256

MIN_LENGTH = 8
MAX_LENGTH = 60
MIN_WORDS = 2
MAX_WORDS = 4
# Of ten drivers four choose two words, five choose three, one chooses four.
_WORD_COUNTS = (2, 2, 2, 2, 3, 3, 3, 3, 3, 4)
_NAME_LINKS = {"anak", "binti"}
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

DECOY_WORDS = """
air api awan angin anak ayam ayah abang adik apam atap asam bulan bintang bunga buah burung
budak batu bukit basikal baju bantal beras benang biru besar bandar barat bayam bayu belon
berani bola bubur buku cantik cawan cahaya cermin cendol cili coklat daun danau damai dapur
dalam deras dewan dodol domba duku durian embun emak emas enam empat gajah garam gelas gembira
gerai gitar gula gunung guru hati halia harimau hari hijau hitam hujan hutan ibu ikan itik indah
jalan jambu jam jambatan jauh jendela jernih jiran kacang kaki kampung kancil kapal kasut kawan
kayu kebun kecil kelapa kereta kerusi ketam kilat kopi kuah kubis kucing kuih kuning kunci labu
ladang lagu lampu langit langsat laju laut lautan lebah lembu lemang limau lilin lori lumba
malam mahkota manggis manis mangga masin mata matahari meja melati merah merpati muda musim naga
nangka nanas nasi nenek nelayan niaga nyiur obor ombak orkid oren padi pagi panas panjang pantai
parit pasar pasir payung pelangi penyu perahu perak petai petang pintu pisang pohon pokok pulau
pulut putih radio rajin rakit rama rambutan rantau ratu rebana redup rendang riang ringan roti
ros rumah rumput rusa sabun sambal sampan santan sarang satay sawah sayang sayur sejuk semut
senja senyum serai siang siput subuh sukun sungai surau susu sutera suara tali taman tanah
tandan tangga tasik tebu teh telur tempoyak tenang tengah tepi terang tikar tinggi tiga timur
tomato topi tujuh tupai ubi udang udara ulam unta utara wangi warna wau wayang zaitun
""".split()  # noqa: SIM905 (a list of 247 lines says no more)


def normalised(text: str) -> str:
    """The phrase as it is kept and shown: lower case, single spaces."""
    return " ".join(text.lower().split())


def is_words(phrase: str) -> bool:
    """True for two to four words of letters."""
    words = phrase.split()
    return MIN_WORDS <= len(words) <= MAX_WORDS and all(_WORD.fullmatch(word) for word in words)


def mentions(text: str, full_name: str) -> bool:
    """True when the text holds the name or one of its longer parts, in whatever case."""
    lower = text.lower()
    parts = {part for part in full_name.lower().split() if len(part) > 3} - _NAME_LINKS
    return bool(parts & set(lower.split())) or any(part in lower for part in parts if len(part) > 4)


def decoy(ic_number: str, *, key: bytes) -> str:
    """The false phrase of an IC number without an account."""
    digest = hmac.new(key, f"decoy\0{ic_number}".encode(), sha256).digest()
    count = _WORD_COUNTS[digest[0] % len(_WORD_COUNTS)]
    left = list(DECOY_WORDS)
    words = [
        left.pop(int.from_bytes(digest[at : at + 4], "big") % len(left))
        for at in range(1, 1 + 4 * count, 4)
    ]
    phrase = " ".join(words)
    # Two very short words would be shorter than a phrase may be.
    return phrase if len(phrase) >= MIN_LENGTH else f"{phrase} {left[digest[-1] % len(left)]}"
