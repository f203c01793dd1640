"""Elements of HTML: text is escaped wherever it stands."""

from ses_sending_policy.review.html.markup import Html, element, joined, text, void


def test_children_are_escaped_once() -> None:
    assert element("b", "<i>", element("i", "&")) == "<b>&lt;i&gt;<i>&amp;</i></b>"
    assert joined("<", Html("<br>")) == "&lt;<br>"
    assert text(text("<")) == "&lt;"


def test_an_attribute_does_not_end_before_its_end() -> None:
    assert element("a", href='"><script>') == '<a href="&quot;&gt;&lt;script&gt;"></a>'


def test_the_names_of_attributes_are_those_of_html() -> None:
    assert element("a", class_="x", aria_hidden="true") == '<a class="x" aria-hidden="true"></a>'
    assert void("meta", http_equiv="x") == '<meta http-equiv="x">\n'


def test_an_attribute_without_a_value_is_left_out() -> None:
    assert element("a", class_="") == "<a></a>"
