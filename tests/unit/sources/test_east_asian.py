from __future__ import annotations

import pytest

from sources.east_asian import east_asian

JAPANESE = "番号,氏名,住所\n1,山田太郎,東京都千代田区\n2,鈴木花子,大阪府大阪市\n"
KANA = "商品,説明\n1,カメラ用のバッテリーです。\n2,ソースを表示する\n"
HALF_WIDTH = "コード,ナマエ,住所\n1,ﾔﾏﾀﾞ ﾀﾛｳ,東京都\n2,ｽｽﾞｷ ﾊﾅｺ,大阪府\n"
CHINESE = "编号,姓名,城市\n1,张三,北京\n2,李四,上海\n3,王五,广州市天河区\n"
TRADITIONAL = "編號,姓名,城市\n1,張三,臺北市\n2,李四,高雄市\n"
KOREAN = "번호,이름,도시\n1,김철수,서울특별시\n2,이영희,부산광역시\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (JAPANESE, "cp932"),
        (KANA, "cp932"),
        (HALF_WIDTH, "cp932"),
        (JAPANESE, "euc_jp"),
        (KANA, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        (CHINESE, "gb18030"),
        (TRADITIONAL, "cp950"),
        (KOREAN, "cp949"),
    ],
)
def test_common_characters_tell_the_encoding(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    assert east_asian(data) == encoding
    assert east_asian((text * 20_000).encode(encoding)) == encoding
    assert east_asian(data[:-2] + b"\xff\n") in {encoding, None}


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("číslo;jméno;město\n1;Jiří Dvořák;Plzeň\n2;Žaneta Šťastná;Ústí nad Labem\n", "cp1250"),
        ("όνομα;πόλη\nΓιώργος Παπαδόπουλος;Αθήνα\nΜαρία;Θεσσαλονίκη\n", "cp1253"),  # noqa: RUF001 - Greek
        ("מספר,שם\n1,ישראל ישראלי\n2,משה כהן\n", "cp1255"),
        ("رقم,اسم\n1,محمد علي\n2,فاطمة الزهراء\n", "cp1256"),
        ("номер;имя\n1;Иван Петров\n2;Анна Смирнова\n", "cp1251"),
        ("Größe;Übergröße;Café\nÄpfel;Öl;Señor Ñandú\n", "cp1252"),
        ("ชื่อ,เมือง\nสมชาย,กรุงเทพ\n", "cp874"),
        ("id,name\n1,山\n", "cp932"),
        ("id,name\n1,ﾔﾏﾀﾞ ﾀﾛｳ\n2,ｽｽﾞｷ ﾊﾅｺ\n", "cp932"),
        ("ИМЯ;ГОРОД\nИВАН ПЕТРОВ;МОСКВА\nАННА СМИРНОВА;САМАРА\n", "cp1251"),  # noqa: RUF001 - Russian
        ("id,name\n", "ascii"),
    ],
)
def test_other_texts_and_too_few_characters_tell_nothing(text: str, encoding: str) -> None:
    assert east_asian(text.encode(encoding)) is None
