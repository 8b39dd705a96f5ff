package dev.vitrine.lens.attack.catalog;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attack.Apgd;
import dev.vitrine.lens.attack.Attack;
import dev.vitrine.lens.attack.Bim;
import dev.vitrine.lens.attack.CarliniWagner;
import dev.vitrine.lens.attack.DeepFool;
import dev.vitrine.lens.attack.Fgsm;
import dev.vitrine.lens.attack.GradientAscent;
import dev.vitrine.lens.attack.Jsma;
import dev.vitrine.lens.attack.MomentumFgsm;
import dev.vitrine.lens.attack.Pgd;
import dev.vitrine.lens.attack.search.HopSkipJump;
import dev.vitrine.lens.attack.search.NaturalEvolution;
import dev.vitrine.lens.attack.search.OnePixel;
import dev.vitrine.lens.attack.search.Square;
import java.util.List;
import java.util.stream.Collectors;

/** All attacks, each with its standard settings. To add one: its record, and a line here. */
public final class Attacks {
    public static final List<Attack> ALL = List.of(
            Fgsm.USUAL,
            Bim.USUAL,
            Pgd.USUAL,
            MomentumFgsm.usual(MomentumFgsm.Point.HERE),
            MomentumFgsm.usual(MomentumFgsm.Point.AHEAD),
            Apgd.usual(Apgd.Kind.CROSS_ENTROPY),
            Apgd.usual(Apgd.Kind.RATIO),
            DeepFool.USUAL,
            CarliniWagner.USUAL,
            GradientAscent.USUAL,
            Jsma.USUAL,
            OnePixel.USUAL,
            Square.USUAL,
            NaturalEvolution.USUAL,
            HopSkipJump.USUAL);

    private Attacks() {}

    public static Attack find(String id) {
        return ALL.stream()
                .filter(attack -> attack.id().equals(id))
                .findFirst()
                .orElseThrow(() -> VitrineException.usage("Found the attack '" + id + "'; expected one of "
                        + ALL.stream().map(Attack::id).collect(Collectors.joining(", ")) + "."));
    }
}
