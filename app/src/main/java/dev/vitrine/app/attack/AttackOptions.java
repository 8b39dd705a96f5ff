package dev.vitrine.app.attack;

import dev.vitrine.app.setting.ListedOptions;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attack.Attack;
import dev.vitrine.lens.attack.Start;
import dev.vitrine.lens.attack.catalog.Attacks;
import dev.vitrine.lens.setting.Settings;
import java.util.Iterator;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which attack, with its settings. */
@Command
final class AttackOptions {
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
    private final ListedOptions<Attack> settings = new ListedOptions<>(Attacks.ALL, Attack::id);

    /** A usage error if a setting belongs to other attacks. */
    Attack chosen() {
        Attack attack = settings.onto(Attacks.find(method));
        if (!randomStart || attack.startsAtRandom()) {
            return attack;
        }
        if (Settings.find(attack.getClass(), "start").isEmpty()) {
            throw VitrineException.usage(
                    "--random-start: '" + attack.id() + "' starts at the picture; omit the option.");
        }
        return Settings.with(attack, "start", Start.RANDOM);
    }

    /** The attack's seed; 0 if it draws nothing. */
    long seed(Attack attack) {
        return Optional.ofNullable(Settings.texts(attack).get("seed"))
                .map(Long::parseLong)
                .orElse(0L);
    }

    /** The names of all attacks. */
    private static final class Ids implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Attacks.ALL.stream().map(Attack::id).iterator();
        }
    }
}
