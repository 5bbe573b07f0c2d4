def test_signing_in_and_out(console, csrf) -> None:
    stranger = console.browser()

    turned_away = stranger.get("/mail?view=sent", follow_redirects=False)
    assert turned_away.status_code == 303
    assert turned_away.headers["location"] == "/login?next=/mail%3Fview%3Dsent"

    marta = console.browser("marta")
    assert "Good " in marta.get("/").text
    form = {"csrf": csrf(marta, "/")}
    assert marta.post("/logout", data=form, follow_redirects=False).headers["location"] == "/login"
    assert marta.get("/", follow_redirects=False).status_code == 303


def test_a_wrong_password_is_told_and_guessing_ends(console, csrf) -> None:
    client = console.browser()
    email, _ = console.seed.password("tom")
    form = {"csrf": csrf(client, "/login"), "email": email, "password": "not this one"}

    answers = [client.post("/login", data=form) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [403] * 5 + [429]
    assert "wrong" in answers[0].text
    assert email in answers[0].text, "what was typed stays"


def test_a_form_without_its_token_changes_nothing(console, csrf) -> None:
    email, password = console.seed.password("marta")
    stranger = console.browser()
    stranger.get("/login")
    forged = {"email": email, "password": password, "csrf": "0" * 64}
    assert stranger.post("/login", data=forged, follow_redirects=False).status_code == 403

    marta, ines = console.browser("marta"), console.browser("ines")
    of_another = {"csrf": csrf(ines, "/feed"), "text": "not mine"}
    assert marta.post("/feed", data=of_another).status_code == 403
    own = {"csrf": csrf(marta, "/feed"), "text": "mine"}
    assert marta.post("/feed", data=own, follow_redirects=False).status_code == 303
    assert "not mine" not in marta.get("/feed").text


def test_the_way_back_stays_in_the_house(console, csrf) -> None:
    email, password = console.seed.password("marta")
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        client = console.browser()
        form = {"csrf": csrf(client, "/login"), "email": email, "password": password, "next": target}
        assert client.post("/login", data=form, follow_redirects=False).headers["location"] == "/"


def test_cookies_and_headers_are_strict(console) -> None:
    client = console.browser()
    page = client.get("/login")
    cookie = page.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["cache-control"] == "no-store"
