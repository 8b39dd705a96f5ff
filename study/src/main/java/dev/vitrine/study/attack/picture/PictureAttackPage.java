package dev.vitrine.study.attack.picture;

import dev.vitrine.study.attack.picture.PictureAttackReport.Drawn;
import dev.vitrine.study.page.ExplanationPage.Bar;
import dev.vitrine.study.page.Html;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The HTML of a {@link PictureAttackReport}. */
record PictureAttackPage(
        PictureAttackReport report,
        List<Drawn> pictures,
        Optional<String> missing,
        List<String> unreadable,
        Map<String, String> facts) {
    String html() {
        return Html.of(output -> JtepicturesGenerated.render(output, null, this));
    }

    String title() {
        String what = pictures.size() == 1 ? pictures.get(0).picture().name() : pictures.size() + " pictures";
        return what + " under attack, as seen by " + report.model().name();
    }

    String goal(AttackedPicture picture) {
        return report.name(picture.target())
                .map(target -> "to be classified as " + target)
                .orElse("to be classified as anything but " + report.model().display(picture.label()));
    }

    static String coarse(Drawn drawn) {
        return drawn.before().getWidth() < 150 ? "coarse" : "";
    }

    static String size(AttackedPicture picture) {
        return String.format(
                Locale.ROOT,
                "L2 %.3g, L∞ %.3g/255, %.1f %% of the values changed, %d queries",
                picture.size().l2(),
                255 * picture.size().linf(),
                100 * picture.size().l0(),
                picture.queries());
    }

    static boolean hasTrack(Bar bar) {
        return bar.measure() == Bar.Measure.PROBABILITY;
    }

    static String percent(Bar bar) {
        return String.format(Locale.ROOT, "%.2f", 100 * bar.value());
    }
}
