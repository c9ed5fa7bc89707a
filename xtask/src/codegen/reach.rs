//! Which shapes a set of operations needs.

use std::collections::BTreeSet;

use super::source::{Model, Operation, Shape};

/// Every shape reachable from the operations' inputs and outputs. A shape that contains itself is an error: neither the
/// structs nor the interpreter have met one yet.
pub(crate) fn shapes<'a>(
    model: &'a Model,
    operations: impl Iterator<Item = &'a Operation>,
) -> Result<BTreeSet<&'a str>, String> {
    let mut found = BTreeSet::new();
    for operation in operations {
        let output = operation.output.as_ref().map(super::source::Output::shape);
        for root in operation.input.as_deref().into_iter().chain(output) {
            visit(model, root, &mut Vec::new(), &mut found)?;
        }
    }
    Ok(found)
}

fn visit<'a>(
    model: &'a Model,
    name: &'a str,
    above: &mut Vec<&'a str>,
    found: &mut BTreeSet<&'a str>,
) -> Result<(), String> {
    if above.contains(&name) {
        return Err(format!("{}: {name} contains itself: box it in codegen", model.service));
    }
    if !found.insert(name) {
        return Ok(());
    }
    above.push(name);
    for target in targets(model.shape(name)?) {
        visit(model, target, above, found)?;
    }
    above.pop();
    Ok(())
}

fn targets(shape: &Shape) -> impl Iterator<Item = &str> {
    let members = shape.members.0.iter().map(|(_, reference)| reference);
    members
        .chain(&shape.member)
        .chain(&shape.key)
        .chain(&shape.value)
        .map(super::source::Reference::shape)
}
