"""Words of many languages by which a reply states, doubts, denies or takes back an answer.

Sources of regular expressions, to be compiled with `re.I`. Where a word means different things in
two languages the cautious reading counts: a missed answer is found by a person, a wrong one never.
"""

from typing import Final

_ARTICLE: Final = (
    r"(?-i:(?:la|el|a|o|die|der|das|het|de|il|l['’])\s+)?(?:(?:opción|letra|opção|"
    r"alternativa)\s+)?"
)
_IS: Final = (
    r"(?:ist|lautet|wäre|es|sería|est|serait|é|seria|è|sarebbe|is|luidt|to|هي|هو|är|er)\b"
    r"|[:=→—–-]"
)
_NOUN: Final = (
    r"(?:antwort|lösung|respuesta|réponse|resposta|risposta|alternativa|antwoord|ответ|odpowiedź|"
    r"svar(?:et)?|(?:ال)?[إا]جابة|(?:ال)?جواب)"
)
_GOOD_AFTER: Final = (
    r"(?:correcta|correcte|correta|corretta|giusta|exacte|final|finale|certa|الصحيحة|الصحيح|"
    r"النهائية)"
)
STATES: Final = (
    rf"\b{_NOUN}(?:\s+{_GOOD_AFTER})?\s*(?:{_IS})[\s:]*{_ARTICLE}"
    r"|\brichtig ist\s+"
    r"|\b(?:ich wähle|je choisis|elijo|escojo|scelgo|escolho|ik kies|я выбираю|выбираю|wybieram|"
    r"أختار|seçiyorum)\s+"
    r"|\b(?:cevap|yanıt)\s*:?\s+|(?:उत्तर|जवाब)\s*(?:है)?\s*:?\s+"
    r"|(?:정답|답)\s*(?:은|는)?\s*:?\s*"
    r"|(?:答案|答え|正解|正答|解答)\s*(?:应该|應該|应)?\s*(?:是|为|為|は|选|選|:|\s)\s*[:]?\s*"
    r"|(?:应|應|我)?(?:选择|選擇|选|選)(?=\s*[A-Z(])\s*"
)
"""Words after which an answer follows."""

LABELS: Final = (
    r"(?:die\s+)?(?:option|antwort|variante)|(?:la\s+)?(?:opción|respuesta|alternativa)"
    r"|(?:l['’])?option|(?:la\s+)?réponse|(?:a\s+)?(?:opção|letra|resposta)"
    r"|(?:l['’])?opzione|(?:la\s+)?risposta|optie|antwoord|вариант|ответ|opcja|odpowiedź|"
    r"seçenek|şık"
    r"|विकल्प|الخيار|선택지|보기"
)
"""Words that may stand before a letter."""

LABELS_UNSPACED: Final = r"选项|選項|選択肢"

CLOSES: Final = (
    r"(?:\s*(?:です|である|だ|を選びます|を選択します|입니다|이다|(?:를|을)\s*선택합니다|है|हैं)"
    r"|['’]?[dt][iıuü]r)?"
)
"""What may end a sentence after an answer: “to be” in languages that put it last."""

CORRECT: Final = (
    r"(?:ist\s+(?:die\s+)?(?:richtige?|korrekte?)(?:\s+(?:antwort|option))?"
    r"|est\s+(?:la\s+(?:bonne\s+)?)?(?:correcte?|réponse)|es\s+(?:la\s+)?correcta"
    r"|está\s+correta|é\s+(?:a\s+)?correta|è\s+(?:quella\s+)?corretta|is\s+juist|верн(?:о|ый)|"
    r"правильный)\s*(?=[.,;!\n]|$)"
)
"""What a sentence says of an option that is right."""

CORRECT_UNSPACED: Final = (
    r"(?:选项|項|项)?(?:是)?(?:正确|正確|正しい|对)(?:的|です)?\s*(?=[.,;!\n]|$)"
)

REASONS: Final = (
    r"\b(?:weil|da|denn|car|parce que|puisque|porque|ya que|pues|perché|poiché|pois|omdat|want|"
    r"так как|"
    r"потому что|поскольку|çünkü|ponieważ|bo|لأن|क्योंकि)\b|因为|因為|なぜなら|왜냐하면"
)
"""Words that begin an explanation."""

AND: Final = r"\b(?:und|et|y|e|en|и|i|ve|और|و)\b|[、和及与與と]|와|과"
OR: Final = r"\b(?:oder|ou|o|of|или|либо|lub|czy|veya|या|أو)\b|或者?|または|か(?=\s*[A-Z])|또는"

HYPOTHETICAL: Final = (
    r"\b(?:wenn|falls|sofern|nicht|falsche?[nrs]?|vielleicht|dachte|zuerst|si|ne|pas|mauvaise|"
    r"fausse|"
    r"peut-être|pensais|d['’]abord|quizás?|acaso|primero|pensé|incorrecta|se|forse|sbagliata|"
    r"pensavo|non|talvez|não|incorreta|pensei|als|niet|misschien|onjuiste?|если|не|возможно|"
    r"может|неправильный|неверный|jeśli|jeżeli|nie|może|błędna|eğer|belki|yanlış|अगर|यदि|शायद|"
    r"गलत|thought|initially|first)\b"
    r"|(?:إذا|لو|ربما|ليست?|خاطئة)|만약|아마|틀린"
    r"|如果|若|假如|不|非|错误|錯誤|可能|也许|也許|もし|おそらく|たぶん|間違"
)
"""Words that make a statement later in the sentence no statement."""

DENIED: Final = (
    r"(?:nicht|keine?[rns]?|unklar|pas|aucune?|no|ningun[ao]|não|nenhum[ao]?|non|nessun[ao]?|"
    r"niet|geen|"
    r"не|ни|nie|żadna|değil|नहीं|hiçbiri)\b|ليست?|لا\s|不|非|没有|以上都|아니"
)
"""Beginnings of an answer that denies."""

OPEN_START: Final = (
    r"^[\s,(]*(?:wenn|falls|sofern|si|se|als|если|jeśli|eğer|अगर|إذا|如果|もし|만약)(?:\s|$)"
)
OPEN: Final = (
    r"\b(?:oder|или|falls|sofern|lub|veya|vielleicht|quizás?|talvez|forse|возможно)\b|[吗嗎]|"
    r"か[?.]"
)

TURNS: Final = (
    r"\b(?:aber|also|jedoch|doch|moment|warte|halt|korrektur|mais|donc|cependant|attendez|"
    r"en fait|pero|"
    r"entonces|espera|espere|sin embargo|ma|quindi|aspetta|tuttavia|mas|então|porém|maar|dus|"
    r"wacht|"
    r"но|однако|поэтому|значит|подождите|ale|więc|czekaj|ama|bekle|لكن|إذن|انتظر|लेकिन|रुको)\b"
    r"|但|所以|因此|等等|等一下|しかし|したがって|待って|하지만|따라서|잠깐"
)
"""Words that turn from one answer to another."""

BUTS: Final = (
    r"(?:but|however|yet|still|although|though|aber|jedoch|allerdings|doch|mais|cependant|"
    r"toutefois|"
    r"pero|sin embargo|ma|tuttavia|però|mas|porém|contudo|maar|echter|но|однако|ale|jednak|ama|"
    r"ancak|"
    r"लेकिन)\b|لكن|但|不过|然而|しかし|ただし|하지만|그러나"
)
"""Beginnings of a sentence that turns against the one before."""

RETRACTS: Final = (
    r"moment|warte|halt|korrektur|attendez|en fait|espera|espere|un momento|aspetta|wacht|"
    r"подождите|стоп|"
    r"czekaj|bekle|انتظر|रुको|等等|等一下|待って|잠깐|不对|不對|non,|nein,"
)
"""Beginnings of a sentence that takes the answer before it back."""

YES: Final = (
    *("yes", "ja", "oui", "sí", "sim", "sì", "да", "tak", "evet", "हाँ", "हां", "نعم"),
    *("是的", "是", "对", "對", "はい", "예", "네"),
)
NO: Final = (
    *("no", "nein", "non", "não", "nee", "нет", "nie", "hayır", "नहीं", "لا"),
    *("不是", "不", "否", "いいえ", "아니요", "아니오", "아뇨"),
)
UNSURE: Final = (
    r"\b(?:but|maybe|perhaps|not sure|unsure|if|possibly|aber|vielleicht|wenn|mais|peut-être|si|"
    r"pero|"
    r"quizás?|tal vez|ma|forse|mas|talvez|maar|misschien|но|возможно|если|ale|może|ama|belki)\b"
)

NEARLY: Final = (
    r"ca\.|zirka|etwa|ungefähr|rund|environ|aproximadamente|alrededor de|unos|circa|cerca de|"
    r"ongeveer|"
    r"около|примерно|приблизительно|około|yaklaşık|लगभग|حوالي|نحو|大约|大約|约|約|약"
)
"""Words before a number that is still one number."""

BOUNDS: Final = (
    r"weniger|mehr als|höchstens|mindestens|kleiner|größer|unter|über|bis|zwischen|kein\w*|"
    r"moins|plus de|"
    r"inférieure?|supérieure?|jusqu|entre|menos|más|menor|mayor|hasta|inferior|superior|meno|"
    r"più|almeno|"
    r"inferiore|superiore|fino|tra|mais de|até|pelo menos|maior|minder|meer dan|minstens|"
    r"hoogstens|tussen|"
    r"менее|более|меньше|больше|не|от|до|минимум|mniej|więcej|najmniej|az|daha|en az|fazla|से कम|"
    r"no more|no less|under|over|below|above|than|almost|nearly|least|most|up to|between|from"
)
BOUNDS_UNSPACED: Final = (
    r"أقل|أكثر|بين|على الأقل"
    r"|小于|大于|少于|多于|不到|超过|至少|最多|不足|以上|以下|未満|以内|不是|非|미만|이상|이하"
)
"""Words that make a number a limit, not a value."""

SAYS: Final = (
    r"beträgt|misst|ist|sind|est(?: de)?|mesure|mide|es(?: de)?|misura|è(?: di)?|mede|é(?: de)?|"
    r"meet|"
    r"составляет|равен|равна|wynosi|ölçer|هو|هي"
)
SAYS_UNSPACED: Final = r"是|为|為|约|約|は|은|는"
"""Verbs before a number that is the answer."""

UNITS: Final = (
    r"мм рт\. ?ст\.?|мкм|мм|см|мл|кг|мг|мин|毫米|厘米|公分|毫升|公斤|毫克|ミリメートル|ミリ|"
    r"センチメートル|センチ|"
    r"밀리미터|센티미터|مم|سم|مل|मिमी|सेमी|मिली"
)
"""Units as other scripts write them; the scorer of numbers knows them too."""
