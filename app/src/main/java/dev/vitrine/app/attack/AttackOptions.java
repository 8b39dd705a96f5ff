package dev.vitrine.app.attack;

import dev.vitrine.app.setting.ListedOptions;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attack.Attack;
import dev.vitrine.lens.attack.Ball;
import dev.vitrine.lens.attack.Start;
import dev.vitrine.lens.attack.catalog.Attacks;
import dev.vitrine.lens.attack.universal.UniversalPerturbation;
import dev.vitrine.lens.setting.Settings;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which attack, with its settings. */
@Command
final class AttackOptions {
    private static final String EPSILON = "epsilon";
    private static final List<Double> SHARES = List.of(0.125, 0.25, 0.5, 1.0);

    @Option(
            names = "--method",
            paramLabel = "ID",
            defaultValue = "pgd",
            description = "Attack: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
            completionCandidates = Ids.class)
    private String method;

    @Option(names = "--random-start", description = "The same as --start random.")
    private boolean randomStart;

    @Mixin
    private final ListedOptions<Object> settings = new ListedOptions<>(
            Stream.concat(Attacks.ALL.stream(), Stream.of(UniversalPerturbation.USUAL))
                    .toList(),
            AttackOptions::id);

    private static String id(Object attack) {
        return attack instanceof Attack one ? one.id() : UniversalPerturbation.ID;
    }

    /** Whether one change for all pictures is asked for. */
    boolean isUniversal() {
        return method.equals(UniversalPerturbation.ID);
    }

    UniversalPerturbation universal() {
        return (UniversalPerturbation) settings.onto(UniversalPerturbation.USUAL);
    }

    /** A usage error if a setting belongs to other attacks. */
    Attack chosen() {
        return chosen(Map.of());
    }

    /**
     * The attack with each epsilon of a list, rising; by default an eighth, a quarter, half and all of the usual one. It ends
     * as soon as the network is wrong, unless the ending is given.
     */
    List<Attack> ladder() {
        Map<String, String> instead = new HashMap<>();
        Class<?> type = Attacks.find(method).getClass();
        if (Settings.find(type, "ending").isPresent()
                && settings.given("ending").isEmpty()) {
            instead.put("ending", "first-success");
        }
        if (Settings.find(type, EPSILON).isEmpty()) {
            return List.of(chosen(instead));
        }
        Optional<String> given = settings.given(EPSILON);
        double usual = given.isPresent()
                ? 0
                : chosen(instead).bound().map(Ball::radius).orElseThrow();
        Stream<String> epsilons = given.map(text -> Stream.of(text.split(",")))
                .orElseGet(() -> SHARES.stream().map(share -> Double.toString(usual * share)));
        return epsilons.map(epsilon -> {
                    instead.put(EPSILON, epsilon.strip());
                    return chosen(instead);
                })
                .sorted(Comparator.comparingDouble(
                        attack -> attack.bound().map(Ball::radius).orElse(0.0)))
                .toList();
    }

    private Attack chosen(Map<String, String> instead) {
        if (isUniversal()) {
            throw VitrineException.usage("'" + UniversalPerturbation.ID
                    + "' makes one change for many pictures; expected a folder or archive of labeled pictures.");
        }
        Attack attack = (Attack) settings.onto(Attacks.find(method), instead);
        if (!randomStart || attack.startsAtRandom()) {
            return attack;
        }
        if (Settings.find(attack.getClass(), "start").isEmpty()) {
            throw VitrineException.usage(
                    "--random-start: '" + attack.id() + "' starts at the picture; omit the option.");
        }
        return Settings.with(attack, "start", Start.RANDOM);
    }

    /** The seed of what is drawn besides the attack; 0 by default. */
    long seed() {
        return settings.given("seed").map(Long::parseLong).orElse(0L);
    }

    /** The names of all attacks. */
    private static final class Ids implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.concat(Attacks.ALL.stream().map(Attack::id), Stream.of(UniversalPerturbation.ID))
                    .iterator();
        }
    }
}
