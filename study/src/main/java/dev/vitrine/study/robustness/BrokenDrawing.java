package dev.vitrine.study.robustness;

import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.Resampler;
import dev.vitrine.lens.data.Resampling;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.render.Images;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * A picture as it is, and corrupted until the network is wrong.
 *
 * @param wrong number of corrupted versions that are classified wrongly
 * @param versions the clean one first
 */
record BrokenDrawing(String name, String target, int wrong, List<Version> versions) {
    private static final int SHOWN = 5;
    private static final int SIDE = 144;

    record Version(BufferedImage picture, String corruption, String answer) {}

    /** Of each corruption the mildest severity that the network gets wrong, the mildest of all first. */
    static BrokenDrawing of(CorruptionSurvey survey, BrokenPicture broken) {
        RobustnessPlan plan = survey.plan();
        Model model = survey.model();
        Picture view = model.preprocessing().view(survey.pictures().read(broken.index()));
        List<Version> versions = new ArrayList<>();
        versions.add(new Version(small(view), "clean", model.display(broken.target())));
        int severities = plan.severities().size();
        boolean[] shown = new boolean[plan.corruptions().size()];
        for (int severity = 0; severity < severities; severity++) {
            for (int corruption = 0; corruption < shown.length && versions.size() <= SHOWN; corruption++) {
                int version = 1 + corruption * severities + severity;
                if (!shown[corruption] && broken.answers()[version] != broken.target()) {
                    shown[corruption] = true;
                    versions.add(new Version(
                            small(plan.version(view, version)),
                            plan.name(version),
                            model.display(broken.answers()[version])));
                }
            }
        }
        return new BrokenDrawing(broken.name(), model.display(broken.target()), broken.wrong(), versions);
    }

    private static BufferedImage small(Picture picture) {
        double scale = Math.min(1, (double) SIDE / Math.max(picture.width(), picture.height()));
        return Images.of(Resampler.resize(
                picture,
                (int) Math.max(1, Math.round(scale * picture.width())),
                (int) Math.max(1, Math.round(scale * picture.height())),
                Resampling.BILINEAR));
    }
}
