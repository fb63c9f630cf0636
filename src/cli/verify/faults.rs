//! The faults that may be played, as they are named on the command line.

use roomgate::harness::verify::making::Faults;

/// Reads `none`, or a list of names.
pub(super) fn read(text: &str) -> Result<Faults, String> {
    let mut faults = Faults::none();
    if text == "none" {
        return Ok(faults);
    }
    for name in text.split(',') {
        let fault = match name.trim() {
            "slow" => &mut faults.slow,
            "cut" => &mut faults.cut,
            "half-open" => &mut faults.half_open,
            "split" => &mut faults.split,
            "kill" => &mut faults.kill,
            "database" => &mut faults.database,
            "receiver" => &mut faults.receiver,
            other => {
                return Err(format!(
                    "expected none, or some of slow, cut, half-open, split, kill, database, receiver, got {other:?}"
                ));
            }
        };
        *fault = true;
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_a_list_of_names_or_none() {
        assert_eq!(read("none"), Ok(Faults::none()));
        assert_eq!(read("cut, kill"), Ok(Faults { cut: true, kill: true, ..Faults::none() }));
        assert_eq!(read("slow,cut,half-open,split,kill,database,receiver"), Ok(Faults::all()));
        assert!(read("fire").unwrap_err().ends_with("got \"fire\""));
    }
}
