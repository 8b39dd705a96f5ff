package dev.vitrine.study.unit.page;

import dev.vitrine.study.page.Html;
import dev.vitrine.study.unit.example.ExamplePainter.Drawn;
import java.util.Locale;

/** Text shared by pages about units. */
public final class PageText {
    /** Appended to the common style sheet. */
    static final String STYLE = Html.resource(PageText.class, "unit.css");

    private PageText() {}

    static String words(Drawn one) {
        return one.name() + ": " + number(one.example().value()) + " at row "
                + one.example().row() + ", column " + one.example().column();
    }

    /** The display name of an enum constant. */
    static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Three significant digits. */
    public static String number(double value) {
        if (value == 0) {
            return "0";
        }
        double magnitude = Math.abs(value);
        String text = magnitude >= 1e5 || magnitude < 1e-3
                ? String.format(Locale.ROOT, "%.2e", value)
                : String.format(
                        Locale.ROOT, "%." + Math.max(0, 2 - (int) Math.floor(Math.log10(magnitude))) + "f", value);
        return text.replace("-", "−");
    }

    /** With an extra digit unless it is 0 % or 100 %. */
    public static String percent(double share) {
        double percent = 100 * share;
        if (percent > 0 && percent < 0.1) {
            return "under 0.1 %";
        }
        boolean near = percent > 0 && percent < 10 || percent > 99 && percent < 100;
        return String.format(Locale.ROOT, near ? "%.1f %%" : "%.0f %%", percent);
    }
}
