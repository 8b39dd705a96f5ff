package dev.vitrine.study.attack;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attack.Attack;
import dev.vitrine.lens.attack.PictureValues;
import dev.vitrine.lens.attack.Rounding;
import dev.vitrine.lens.attack.Subjects;
import dev.vitrine.lens.attack.Victim;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.session.ModelSession;
import java.util.List;

/**
 * Attacks that give pictures of 8 bits, which files hold. Judged by the plain forward pass of each picture alone, as of a file
 * that is read again.
 */
public final class Strike {
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

    /** The changed pictures at 8 bits; where rounding undoes the attack, the change is lengthened within its bound. */
    public Attack.Crafted on(Attack attack, Subjects subjects, Progress progress) {
        Attack.Crafted crafted = attack.on(victim, subjects, progress);
        List<float[]> rounded = Rounding.surviving(victim, attack, subjects, crafted.pictures());
        return new Attack.Crafted(rounded, crafted.queries());
    }

    /** The logits of a picture, {@code f32[1,classes]}. */
    public Tensor logits(float[] picture) {
        return session.logits(values.input(picture));
    }
}
