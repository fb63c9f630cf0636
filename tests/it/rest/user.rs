use serde_json::json;

use crate::support::{House, code};

#[tokio::test]
async fn an_account_is_made_once_and_lower_case() {
    let house = House::open().await;
    let made = house.call("user/create", &[("accid", "Ann"), ("name", "Ann B"), ("token", "t1")]).await;
    assert_eq!(made, json!({"code": 200, "info": {"accid": "ann", "name": "Ann B", "token": "t1"}}));
    let (code, desc) = house.refusal("user/create", &[("accid", "ANN")]).await;
    assert_eq!(code, 414);
    assert!(desc.contains("already register"), "{desc}");
}

#[tokio::test]
async fn an_empty_account_gets_the_documented_words() {
    let house = House::open().await;
    for params in [&[][..], &[("accid", "")]] {
        let (code, desc) = house.refusal("user/create", params).await;
        assert_eq!((code, desc.contains("accid is empty")), (414, true), "{desc}");
    }
}

#[tokio::test]
async fn bad_values_name_parameter_rule_and_what_came() {
    let house = House::open().await;
    let long = "x".repeat(65);
    let cases: [(&str, &str, &str); 5] = [
        ("accid", "a b", "accid: expected an account of 1 to 32 letters, digits, '_', '@', '.' or '-', got \"a b\""),
        ("gender", "3", "gender: expected a whole number from 0 to 2, got \"3\""),
        ("name", &long, "name: expected at most 64 characters, got 65 characters"),
        ("email", &long, "email: expected at most 64 characters, got 65 characters"),
        ("accid", "a\0b", "accid: expected an account of 1 to 32 letters, digits, '_', '@', '.' or '-', got \"a\\0b\""),
    ];
    for (name, value, text) in cases {
        let mut params = vec![(name, value)];
        if name != "accid" {
            params.push(("accid", "ann"));
        }
        assert_eq!(house.refusal("user/create", &params).await, (414, text.to_owned()));
    }
}

#[tokio::test]
async fn a_profile_is_changed_field_by_field_and_cleared_by_an_empty_text() {
    let house = House::open().await;
    house.call("user/create", &[("accid", "ann"), ("name", "Ann"), ("sign", "hello"), ("gender", "2")]).await;
    house.call("user/updateUinfo", &[("accid", "ann"), ("sign", ""), ("icon", "http://i"), ("gender", "1")]).await;
    let found = house.call("user/getUinfos", &[("accids", r#"["nobody", "ann"]"#)]).await;
    let expected = json!([{"accid": "ann", "name": "Ann", "icon": "http://i", "sign": "", "email": "", "birth": "",
        "mobile": "", "gender": 1, "ex": ""}]);
    assert_eq!(found["uinfos"], expected);
    let (code, _) = house.refusal("user/updateUinfo", &[("accid", "nobody"), ("name", "x")]).await;
    assert_eq!(code, 404);
}

#[tokio::test]
async fn more_than_200_profiles_or_no_json_are_refused() {
    let house = House::open().await;
    let many = json!((0..201).map(|n| n.to_string()).collect::<Vec<_>>()).to_string();
    for accids in [many.as_str(), "ann", "{}", ""] {
        assert_eq!(house.refusal("user/getUinfos", &[("accids", accids)]).await.0, 414, "{accids}");
    }
}

#[tokio::test]
async fn an_old_token_is_refused_after_a_new_one() {
    let house = House::open().await;
    let first = house.account("ann").await;
    let fresh = house.call("user/refreshToken", &[("accid", "ann")]).await;
    let second = fresh["info"]["token"].as_str().unwrap().to_owned();
    assert_eq!(code(house.visitor().await.login("key", "ann", &first).await), Some(302));
    house.log_in("ann", &second).await;
    house.call("user/update", &[("accid", "ann"), ("token", "third")]).await;
    assert_eq!(code(house.visitor().await.login("key", "ann", &second).await), Some(302));
    house.log_in("ann", "third").await;
    assert_eq!(house.refusal("user/refreshToken", &[("accid", "nobody")]).await.0, 404);
    assert_eq!(house.refusal("user/update", &[("accid", "nobody"), ("token", "t")]).await.0, 404);
}
