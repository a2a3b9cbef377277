"""A ticket has one holder at every moment: custody changes when the tier does, and every hand-over has its way back."""

from collections.abc import Iterator

from servicedesk.core.errors import Fault
from servicedesk.core.proof.model import Edge, Model, handing_tiers
from servicedesk.core.vocabulary import Category, Tier, Verb
from servicedesk.core.workflows.effects import ABOUT_THE_NEW_HOLDER, PASSING, PASSING_ON, Effect


def custody_follows_the_tier(model: Model) -> Iterator[Fault]:
    for edge in model.edges:
        passing = PASSING & set(edge.step.effects)
        where, way_in = f"{edge.step.table}.effects", (*model.way_in(edge.source), edge.step.step)
        tier = model.state(edge.target).tier
        leaves = {t for t in model.tiers[edge.source] if tier and t is not tier}
        if len(passing) > 1:
            remedy = "A ticket has one holder: keep one of them."
            yield model.fault("custody_twice", where, f"passes the ticket {len(passing)} times.", remedy, way_in)
        elif leaves and not passing:
            problem = f"leads from {_named(leaves)} to {tier}, but nobody gets the ticket."
            remedy = "Add pass_to_tier, or pass_back for a way back."
            yield model.fault("custody_missing", where, problem, remedy, way_in)
        elif passing == {Effect.PASS_TO_TIER} and not leaves:
            problem = f"passes the ticket to another tier, but both states are at {_named(model.tiers[edge.source])}."
            remedy = "Use pass_to_team for sideways, or remove the effect."
            yield model.fault("custody_needless", where, problem, remedy, way_in)
        elif Effect.PASS_TO_TEAM in passing and leaves:
            problem = f"goes sideways, but leads from {_named(leaves)} to {tier}."
            yield model.fault("custody_astray", where, problem, "Use pass_to_tier between tiers.", way_in)
        elif tier and any(abs(tier.level - t.level) > 1 for t in leaves):
            problem = f"leads from {_named(leaves)} to {tier}, past a tier between them."
            yield model.fault("tier_skipped", where, problem, "Hand over one tier up or down at a time.", way_in)


def what_is_handed_over_is_received(model: Model) -> Iterator[Fault]:
    for edge in model.edges:
        found = _landing(model, edge)
        if found:
            rule, key, problem, remedy = found
            proof = (*model.way_in(edge.source), edge.step.step)
            yield model.fault(rule, f"{edge.step.table}.{key}", problem, remedy, proof)


def _landing(model: Model, edge: Edge) -> tuple[str, str, str, str] | None:
    effects, to = set(edge.step.effects), model.state(edge.target)
    if effects & PASSING_ON and not to.received:
        remedy = f"Lead to a state with received = true, or set it in [state.{to.key}]."
        return "lands_unreceived", "to", f"hands the ticket over to {to.key}, where nobody has to accept it.", remedy
    if Effect.PASS_BACK in effects and to.received:
        remedy = "Lead to a state that is not received: who handed over answers for the ticket when it comes back."
        return "lands_received", "to", f"gives the ticket back to {to.key}, to be accepted once more.", remedy
    if to.received and not effects & PASSING_ON and edge.target != edge.source:
        remedy = "Pass the ticket on with pass_to_tier or pass_to_team, or lead to another state."
        return "received_from_nobody", "to", f"leads to {to.key}, but nobody hands anything over.", remedy
    if Effect.ACCEPT_CUSTODY in effects and (not model.state(edge.source).received or to.received):
        remedy = "Accept from a received state, into one that is not."
        return "accepts_nothing", "effects", f"accepts from {edge.source} to {to.key}.", remedy
    return None


def every_handover_has_its_return(model: Model) -> Iterator[Fault]:
    """Directly from where it was received, accepted or returned to the tier that it came from."""
    for key, state in model.definition.states.items():
        if not state.received:
            continue
        proof, leaving = model.way_in(key), model.from_state(key)
        if not any(edge.step.verb is Verb.ACCEPT for edge in leaving):
            remedy = f'Add a transition with verb = "accept" from {key}.'
            yield model.fault("handover_without_acceptance", f"state.{key}", "cannot be accepted.", remedy, proof)
        for edge in leaving:
            strangers = [who for who in edge.step.who if who.tier not in model.tiers[key]]
            if edge.step.verb is Verb.ACCEPT and strangers:
                names = ", ".join(map(str, strangers))
                remedy = "Only those at the tier that received the ticket can accept it."
                problem = f"lets {names} accept for somebody else."
                yield model.fault("handover_without_acceptance", f"{edge.step.table}.who", problem, remedy, proof)
        returns = {t for e in leaving if _is_return(e) for t in model.tiers[e.target]}
        for edge in model.edges:
            missing = _came_from(model, edge) - returns if edge.target == key else set()
            if missing:
                problem = f"hands over from {_named(missing)}, but cannot be returned there from {key}."
                remedy = f'Add a transition with verb = "return" and pass_back from {key} to a state of that tier.'
                way = (*model.way_in(edge.source), edge.step.step)
                yield model.fault("handover_without_return", edge.step.table, problem, remedy, way)


def _came_from(model: Model, edge: Edge) -> set[Tier]:
    if Effect.PASS_TO_TEAM in edge.step.effects:
        return set(model.tiers[edge.source])
    if Effect.PASS_TO_TIER in edge.step.effects:
        return set(model.tiers[edge.source]) - {model.state(edge.target).tier}
    return set()


def _is_return(edge: Edge) -> bool:
    return edge.step.verb is Verb.RETURN and Effect.PASS_BACK in edge.step.effects


def a_way_back_leads_where_it_came_from(model: Model) -> Iterator[Fault]:
    for edge in model.edges:
        if Effect.PASS_BACK in edge.step.effects:
            back_to, origins = model.state(edge.target).tier, set[Tier]()
            for tier in model.tiers[edge.source]:
                origins |= handing_tiers(model, tier)
            if back_to not in origins:
                problem = f"gives the ticket back to {back_to or edge.target}, which never hands it to {edge.source}."
                remedy = f"Lead back to {_named(origins)}." if origins else "Use pass_to_tier."
                way = (*model.way_in(edge.source), edge.step.step)
                yield model.fault("nobody_handed_over", f"{edge.step.table}.effects", problem, remedy, way)


def the_supplier_gets_an_approved_description(model: Model) -> Iterator[Fault]:
    for edge in model.edges:
        to_supplier = edge.step.verb is Verb.HAND_OVER and model.state(edge.target).tier is Tier.SUPPLIER
        if to_supplier and Effect.APPROVE_DESCRIPTION not in edge.step.effects:
            problem = "hands over to the supplier without a description that somebody has approved for it."
            remedy = 'Add needs = ["supplier_description"] and effects = ["approve_description"].'
            way = (*model.way_in(edge.source), edge.step.step)
            yield model.fault("supplier_uninformed", f"{edge.step.table}.effects", problem, remedy, way)


def only_an_open_ticket_is_received(model: Model) -> Iterator[Fault]:
    for key, state in model.definition.states.items():
        if state.received and state.category in (Category.RESOLVED, Category.CLOSED, Category.WAITING):
            problem = f"is true in a state of category {state.category}."
            yield model.fault("received_astray", f"state.{key}.received", problem, 'Use category = "active".')


def custody_passes_first(model: Model) -> Iterator[Fault]:
    """Effects apply in order: what is about the new holder comes after the ticket has been passed."""
    for step in model.definition.steps():
        passing = [number for number, effect in enumerate(step.effects) if effect in PASSING]
        early = [effect for effect in step.effects[: max(passing, default=0)] if effect in ABOUT_THE_NEW_HOLDER]
        if early:
            problem = f'has "{early[0]}" before the ticket is passed, so it would be about the one who had it.'
            remedy = f'Write "{step.effects[passing[-1]]}" first.'
            yield model.fault("custody_late", f"{step.table}.effects", problem, remedy)


def _named(tiers: object) -> str:
    assert isinstance(tiers, set | frozenset)
    return " and ".join(sorted(tiers, key=lambda tier: tier.level))
