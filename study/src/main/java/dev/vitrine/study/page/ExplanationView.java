package dev.vitrine.study.page;

import dev.vitrine.lens.attribution.EmptyMaps;
import dev.vitrine.lens.attribution.IntegratedGradients;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.method.Family;
import dev.vitrine.lens.render.HeatmapPainter;
import dev.vitrine.lens.render.color.ClassKey;
import dev.vitrine.lens.render.color.ColorBar;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.study.page.ExplanationPage.Bar;
import dev.vitrine.study.page.ExplanationPage.Card;
import dev.vitrine.study.page.ExplanationPage.Cover;
import dev.vitrine.study.page.ExplanationPage.Figure;
import dev.vitrine.study.page.ExplanationPage.Image;
import dev.vitrine.study.page.ExplanationPage.Overlay;
import dev.vitrine.study.page.ExplanationPage.Picture;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** View model of an {@link ExplanationPage}'s HTML. */
final class ExplanationView {
    static final int START_OPACITY = 85;
    static final String SCRIPT = Html.resource(ExplanationView.class, "page.js");

    private static final int COARSE_BELOW = 160;

    /** Number of methods that need no filter. */
    private static final int FEW = 3;

    private static final int GRADIENT_STOPS = 16;

    private final ExplanationPage page;
    private final Map<BufferedImage, String> pictures;

    ExplanationView(ExplanationPage page) {
        this.page = page;
        this.pictures = Stream.concat(
                        page.images().stream().map(Image::view),
                        cards().stream().map(card -> shown(card.figure())))
                .distinct()
                .parallel()
                .collect(Collectors.toConcurrentMap(Function.identity(), Html::data));
    }

    String html() {
        return Html.of(output -> JteexplanationGenerated.render(output, null, this));
    }

    ExplanationPage page() {
        return page;
    }

    static BufferedImage shown(Figure figure) {
        if (figure instanceof Overlay overlay) {
            return overlay.layer();
        }
        return figure instanceof Cover cover ? cover.layer() : ((Picture) figure).picture();
    }

    String data(BufferedImage picture) {
        return pictures.get(picture);
    }

    /** Each view is one style rule, so that its bytes are embedded once per page, not once per card. */
    String style() {
        StringBuilder style = new StringBuilder();
        for (int index = 0; index < page.images().size(); index++) {
            BufferedImage view = page.images().get(index).view();
            style.append(String.format(
                    Locale.ROOT,
                    ".v%1$d{aspect-ratio:%2$d/%3$d}.v%1$d::before{background-image:url(%4$s)}%n",
                    index,
                    view.getWidth(),
                    view.getHeight(),
                    data(view)));
        }
        return style.toString();
    }

    boolean hasMaps() {
        return cards().stream().anyMatch(card -> !(card.figure() instanceof Picture));
    }

    /** Background of the maps. */
    enum Under {
        FITTING("picture"),
        LIGHT("picture, brightened, in gray"),
        NOTHING("nothing: the map alone");

        private final String words;

        Under(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Gain that brightens a dark picture under a card's map. */
    Optional<String> gain(Image image, Card card) {
        double gain = card.figure() instanceof Overlay overlay ? HeatmapPainter.gain(overlay.layer(), image.view()) : 1;
        return gain > 1 ? Optional.of(String.format(Locale.ROOT, "--gain:%.2f", gain)) : Optional.empty();
    }

    static boolean isWarning(String note) {
        return note.startsWith("Partial: ") || EmptyMaps.isNote(note) || IntegratedGradients.isWide(note);
    }

    /**
     * One method with its cards for each target.
     *
     * @param finding verdict of the sanity check on this model
     */
    record Method(
            String id, String title, String answers, Optional<SanityFindings.Finding> finding, List<Card> cards) {}

    /** Methods of a family; without a title if they have none. */
    record Group(String title, List<Method> methods) {
        int cards() {
            return methods.stream().mapToInt(method -> method.cards().size()).sum();
        }
    }

    /** In the order of their first cards. */
    List<Group> families(Image image) {
        Map<String, Map<List<String>, List<Card>>> families = new LinkedHashMap<>();
        for (Card card : image.cards()) {
            String id = card.provenance().method();
            families.computeIfAbsent(family(id), name -> new LinkedHashMap<>())
                    .computeIfAbsent(List.of(id, card.title(), card.answers()), of -> new ArrayList<>())
                    .add(card);
        }
        return families.entrySet().stream()
                .map(family -> new Group(
                        family.getKey(),
                        family.getValue().entrySet().stream()
                                .map(method -> method(method.getKey(), method.getValue()))
                                .toList()))
                .toList();
    }

    private Method method(List<String> of, List<Card> cards) {
        return new Method(
                of.get(0),
                of.get(1),
                of.get(2),
                page.sanity()
                        .flatMap(found -> Optional.ofNullable(found.methods().get(of.get(0)))),
                cards);
    }

    private static String family(String id) {
        return Attributions.family(id).map(Family::title).orElse("");
    }

    List<String> familyNames() {
        return cards().stream()
                .map(card -> family(card.provenance().method()))
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }

    /** Whether there are enough methods to need a filter. */
    boolean isLong() {
        return cards().stream()
                                .map(card -> card.provenance().method())
                                .distinct()
                                .count()
                        > FEW
                && !familyNames().isEmpty();
    }

    /** Whether sanity verdicts are requested but unknown. */
    boolean isUntested() {
        return page.sanity().filter(found -> found.source().isEmpty()).isPresent();
    }

    record Swatch(boolean isSigned, String gradient) {}

    /** Legend of the map colors, if there are maps. */
    List<Swatch> legend() {
        List<ColorBar> bars = cards().stream()
                .map(Card::figure)
                .filter(Overlay.class::isInstance)
                .map(figure -> ((Overlay) figure).bar())
                .toList();
        return Stream.of(Polarity.values())
                .flatMap(polarity -> bars.stream()
                        .filter(bar -> bar.scale().polarity() == polarity)
                        .limit(1))
                .map(bar -> new Swatch(bar.scale().polarity() == Polarity.SIGNED, gradient(bar)))
                .toList();
    }

    static String percent(Bar bar) {
        return String.format(Locale.ROOT, "%.1f", 100 * bar.value());
    }

    static String share(Bar bar) {
        boolean tiny = bar.measure() == Bar.Measure.PROBABILITY
                && bar.value() > 0
                && percent(bar).equals("0.0");
        return tiny ? "< 0.1 %" : bar.words();
    }

    static Map<String, String> made(Card card) {
        Provenance provenance = card.provenance();
        Map<String, String> made = new LinkedHashMap<>();
        made.put("method", provenance.method());
        made.put("model", provenance.model());
        made.putAll(provenance.options());
        made.putAll(card.facts());
        return made;
    }

    private List<Card> cards() {
        return page.images().stream().flatMap(image -> image.cards().stream()).toList();
    }

    static String coarse(BufferedImage picture) {
        return picture.getWidth() < COARSE_BELOW ? " coarse" : "";
    }

    static String gradient(ColorBar bar) {
        boolean signed = bar.scale().polarity() == Polarity.SIGNED;
        return gradient(bar, position -> HeatmapPainter.opacity(signed ? Math.abs(2 * position - 1) : position));
    }

    static String opaque(ColorBar bar) {
        return gradient(bar, position -> 1);
    }

    static String color(ClassKey.Entry entry) {
        return String.format(Locale.ROOT, "#%06x", entry.rgb());
    }

    private static String gradient(ColorBar bar, DoubleUnaryOperator opacity) {
        StringBuilder stops = new StringBuilder("linear-gradient(90deg");
        for (int stop = 0; stop <= GRADIENT_STOPS; stop++) {
            double position = (double) stop / GRADIENT_STOPS;
            stops.append(String.format(
                    Locale.ROOT,
                    ",#%06x%02x",
                    bar.colors().rgb(position),
                    Math.round(255 * opacity.applyAsDouble(position))));
        }
        return stops.append(')').toString();
    }
}
