package dev.vitrine.study.attack;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attack.Attack;
import dev.vitrine.lens.attack.Ending;
import dev.vitrine.lens.attack.PictureValues;
import dev.vitrine.lens.attack.Rounding;
import dev.vitrine.lens.attack.Subjects;
import dev.vitrine.lens.attack.Victim;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Attacks that give pictures of 8 bits, which files hold. Judged by the plain forward pass of each picture alone, as of a file
 * that is read again.
 */
public final class Strike {
    private static final String ENDING = "ending";

    private final ModelSession session;
    private final Victim victim;
    private final PictureValues values;

    public Strike(ModelSession session) {
        this.session = session;
        this.victim = new Victim(session);
        this.values = new PictureValues(session.model());
    }

    public PictureValues values() {
        return values;
    }

    /**
     * The changed pictures at 8 bits. Where rounding undoes the attack, the change is lengthened within its bound; an attack
     * that ends at the first success takes all its steps where that does not help.
     */
    public Attack.Crafted on(Attack attack, Subjects subjects, Progress progress) {
        Attack.Crafted crafted = rounded(attack, subjects, progress);
        if (!"first-success".equals(Settings.texts(attack).get(ENDING))) {
            return crafted;
        }
        float[][] logits = victim.logits(crafted.pictures());
        int[] open = IntStream.range(0, subjects.count())
                .filter(row -> !subjects.succeeds(row, logits[row]))
                .toArray();
        if (open.length == 0) {
            return crafted;
        }
        Attack.Crafted again =
                rounded(Settings.with(attack, ENDING, Ending.LAST_STEP), subjects.of(open), Progress.NONE);
        List<float[]> pictures = new ArrayList<>(crafted.pictures());
        long[] queries = crafted.queries().clone();
        for (int i = 0; i < open.length; i++) {
            pictures.set(open[i], again.pictures().get(i));
            queries[open[i]] += again.queries()[i];
        }
        return new Attack.Crafted(pictures, queries);
    }

    private Attack.Crafted rounded(Attack attack, Subjects subjects, Progress progress) {
        Attack.Crafted crafted = attack.on(victim, subjects, progress);
        return new Attack.Crafted(Rounding.surviving(victim, attack, subjects, crafted.pictures()), crafted.queries());
    }

    /** The logits of a picture, {@code f32[1,classes]}. */
    public Tensor logits(float[] picture) {
        return session.logits(values.input(picture));
    }
}
