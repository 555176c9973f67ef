use stateright::semantics::{
    ConsistencyTester, LinearizabilityTester, SequentialSpec,
    register::{Register, RegisterOp, RegisterRet},
};

use super::{Call, Object, Verdict, check};

/// A register, as stateright has it.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Cell(u8);

impl Object for Cell {
    type Step = (RegisterOp<u8>, Option<RegisterRet<u8>>);

    fn after(&self, (asked, heard): &Self::Step) -> Option<Self> {
        let mut register = Register(self.0);
        let answer = register.invoke(asked);
        heard.as_ref().is_none_or(|heard| *heard == answer).then_some(Self(register.0))
    }
}

/// Random histories of three threads, right and wrong, some with steps that nobody heard of again.
#[test]
fn on_small_histories_it_agrees_with_another_checker() {
    let (mut right, mut wrong) = (0, 0);
    let mut seed = 1_u64;
    let mut random = move |below: u64| {
        // xorshift64
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % below
    };
    for _ in 0..4_000 {
        let mut other = LinearizabilityTester::new(Register(0_u8));
        let mut calls: Vec<Call<<Cell as Object>::Step>> = Vec::new();
        let mut open: [Option<usize>; 3] = [None; 3];
        for tick in 0..14 {
            let thread = usize::try_from(random(3)).unwrap();
            if let Some(at) = open[thread].take() {
                let value = u8::try_from(random(3)).unwrap();
                let heard = match calls[at].step.0 {
                    RegisterOp::Read => RegisterRet::ReadOk(value),
                    RegisterOp::Write(_) => RegisterRet::WriteOk,
                };
                calls[at].answered = Some(tick);
                calls[at].step.1 = Some(heard.clone());
                other.on_return(thread, heard).unwrap();
            } else {
                let asked = if random(2) == 0 {
                    RegisterOp::Read
                } else {
                    RegisterOp::Write(u8::try_from(random(3)).unwrap())
                };
                other.on_invoke(thread, asked.clone()).unwrap();
                open[thread] = Some(calls.len());
                calls.push(Call { asked: tick, answered: None, step: (asked, None) });
            }
        }
        let is_right = other.is_consistent();
        let verdict = if is_right { Verdict::Linearizable } else { Verdict::Wrong };
        assert_eq!(check(Cell(0), &calls), verdict, "{calls:?}");
        if is_right { right += 1 } else { wrong += 1 }
    }
    assert!(right > 500 && wrong > 500, "{right} right, {wrong} wrong");
}

#[test]
fn what_nobody_heard_of_may_happen_late_or_never_and_not_before() {
    let write = |asked, value| Call { asked, answered: None, step: (RegisterOp::Write(value), None) };
    let read = |asked, value| Call {
        asked,
        answered: Some(asked + 1),
        step: (RegisterOp::Read, Some(RegisterRet::ReadOk(value))),
    };
    assert_eq!(check(Cell(0), &[write(0, 7), read(2, 0), read(4, 7), read(6, 7)]), Verdict::Linearizable);
    assert_eq!(check(Cell(0), &[write(0, 7), read(2, 0), read(4, 0)]), Verdict::Linearizable);
    assert_eq!(check(Cell(0), &[write(0, 7), read(2, 7), read(4, 0)]), Verdict::Wrong);
    assert_eq!(check(Cell(0), &[read(0, 7), write(2, 7)]), Verdict::Wrong);
}
