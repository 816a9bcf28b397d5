use super::{super::fit::fit, NOISE, Noise, close, over_workers, said};
use model::{LaunchMode::Threads, laws::T1, scaling::Law};

#[test]
fn fits_recover_what_made_the_times() {
    // 10 repeats at 1 to 32 workers give each of these parameters to 5 % or better (one standard error).
    let sets: [(Law, &[f64]); 6] = [
        (Law::Amdahl, &[2e9, 0.02]),
        (Law::Amdahl, &[3e7, 0.1]),
        (Law::Amdahl, &[1e9, 0.5]),
        (Law::Usl, &[2e9, 0.1, 0.002]),
        (Law::Usl, &[5e8, 0.2, 0.01]),
        (Law::Usl, &[1e10, 0.08, 0.004]),
    ];
    let mut noise = Noise::new(1);
    for (law, truth) in sets {
        let at = |workers: f64| (workers, noise.times(law.time(truth, workers), NOISE, 10));
        let points: Vec<_> = (1..=32).map(f64::from).map(at).collect();
        let found = fit(law, &points).expect("a fit");
        for ((found, error), truth) in found.parameters.iter().zip(&found.errors).zip(truth) {
            assert!(close(*found, *truth, 0.1), "{law:?} {truth}: {found}");
            assert!((found - truth).abs() < 4.0 * error && *error < 0.06 * truth, "{law:?} {truth}: {found} ± {error}");
        }
    }
}

/// Three repeats at each number of workers.
const WORKERS: [f64; 8] = [1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0];

#[test]
fn fits_are_those_of_scipy() {
    // SciPy 1.17.1: M = [median(T[N == n]) for n in N]
    // p, c = curve_fit(law, N, T, p0, sigma=M, absolute_sigma=False); e = sqrt(diag(c))
    // amdahl = lambda n, t1, s: t1*(s + (1-s)/n)
    let amdahl = [
        1522853781, 796320668, 643263987, 533984400, 360979296, 322537404, 291853686, 258349316, 1498739913, 804172155,
        647261337, 529833694, 401320614, 364444911, 296778885, 251221786, 1527656309, 799726931, 647231959, 508726889,
        396302753, 333253965, 307726849, 260471801,
    ];
    agrees(Law::Amdahl, &amdahl, &[1499373857.004774, 0.11914080419970678], &[24552182.07914312, 0.005030258802728129]);
    // usl = lambda n, t1, a, k: t1*(1 + a*(n-1) + k*n*(n-1))/n
    let usl = [
        1467875413, 786897051, 587224043, 468914350, 362326004, 314890029, 302787031, 262676499, 1461581795, 768408402,
        589617011, 486494587, 352977433, 295301088, 262225219, 276847010, 1555744063, 822753328, 552966422, 465845514,
        357071173, 311620538, 285416789, 271122578,
    ];
    agrees(
        Law::Usl,
        &usl,
        &[1492575733.767295, 0.06617278158614356, 0.0038429515660721304],
        &[23686433.025232993, 0.00922052199376999, 0.0005824820906645616],
    );
}

fn agrees(law: Law, times: &[u32], parameters: &[f64], errors: &[f64]) {
    let of = |index: usize| times.iter().skip(index).step_by(WORKERS.len()).map(|ns| f64::from(*ns)).collect();
    let points: Vec<(f64, Vec<f64>)> = WORKERS.into_iter().enumerate().map(|(i, workers)| (workers, of(i))).collect();
    let found = fit(law, &points).expect("a fit");
    for (found, expected) in found.parameters.iter().zip(parameters).chain(found.errors.iter().zip(errors)) {
        assert!(close(*found, *expected, 0.001), "{law:?}: {found} is not {expected}");
    }
}

#[test]
fn two_points_are_enough_for_amdahl_alone() {
    let scaling = said(&over_workers(&[(Threads, &[2.0, 1.2])], 5, 0.01));
    let [amdahl, usl] = scaling.fits.as_slice() else { panic!("two laws") };
    assert!(close(amdahl.parameters["serial"], 0.2, 0.1) && close(amdahl.parameters[T1], 2e9, 0.02), "{amdahl:?}");
    assert!(usl.parameters.is_empty() && usl.note.as_deref().is_some_and(|note| note.contains("at 3 different")));
    let single = said(&over_workers(&[(Threads, &[2.0, 1.2])], 1, 0.0));
    assert!(single.fits[0].errors.is_empty() && !single.fits[0].parameters.is_empty());
    assert!(single.fits[0].note.as_deref().is_some_and(|note| note.contains("errors can't be told")));
}

#[test]
fn a_parameter_without_a_meaning_is_told() {
    let note = |seconds: &[f64], law: usize| {
        let fit = said(&over_workers(&[(Threads, seconds)], 9, 0.01)).fits[law].clone();
        assert!(!fit.parameters.is_empty(), "what can be shown is shown: {fit:?}");
        fit.note.unwrap_or_default()
    };
    assert!(note(&[1.0, 1.5, 2.0, 2.4], 0).contains("serial share is above 1"));
    assert!(note(&[2.0, 0.8, 0.45, 0.3], 0).contains("speedup is above the number of workers"));
    assert!(note(&[2.0, 0.8, 0.45, 0.3], 1).contains("Contention is below 0"));
    assert_eq!(note(&[2.0, 1.2, 0.95, 0.85], 0), "");
    let cores_end = [2.0, 1.02, 1.03, 1.03];
    assert!(
        note(&cores_end, 0).contains("The curve is off by") && note(&cores_end, 0).contains("do not follow the law")
    );
    assert!(note(&cores_end, 1).contains("as where there are no more cores"), "{}", note(&cores_end, 1));
}
