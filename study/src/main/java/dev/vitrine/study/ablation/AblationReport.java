package dev.vitrine.study.ablation;

import dev.vitrine.lens.model.Model;
import dev.vitrine.study.Overview;
import dev.vitrine.study.StudyFiles;
import dev.vitrine.study.StudyReport;
import dev.vitrine.study.picture.KnownPictures;
import dev.vitrine.study.picture.LabeledPictures;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An ablation of layers or channels as a page, a plot and a JSON file.
 *
 * @param data name of the folder or archive
 * @param fill replacement of ablated channels
 * @param layers in the order of the network
 * @param channels in the order of the network
 * @param retrained results of fine-tuning, if a recipe was given
 * @param unreadable why pictures were left out, one sentence each
 * @param missing what is missing, if the run was interrupted
 * @param facts provenance
 */
public record AblationReport(
        String model,
        String data,
        Fill fill,
        List<LayerAblation.Result> layers,
        List<ChannelAblation.Result> channels,
        Optional<Retraining.Results> retrained,
        List<String> unreadable,
        Optional<String> missing,
        Map<String, String> facts)
        implements StudyReport {
    private static final double POINT = 0.01;

    /**
     * Creates the report of an ablation.
     *
     * @param made provenance of model and program
     */
    public static AblationReport of(
            Model model,
            KnownPictures known,
            AblationSettings settings,
            dev.vitrine.study.Outcome<Ablation> outcome,
            Map<String, String> made) {
        LabeledPictures pictures = known.pictures();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "pictures",
                pictures.name() + ", " + pictures.size() + " of "
                        + pictures.classes().size() + " classes");
        List<String> notes = known.folders().notes(model);
        if (!notes.isEmpty()) {
            facts.put("folders and classes", String.join(" ", notes));
        }
        facts.put("channels taken out hold", settings.fill() == Fill.MEAN ? "their mean over the pictures" : "zero");
        if (!outcome.result().channels().isEmpty()) {
            facts.put(
                    "importance",
                    switch (settings.importance()) {
                        case TAYLOR ->
                            "the first-order estimate of the increase of the loss without the channel (Molchanov et"
                                    + " al. 2017)";
                        case EXACT -> "the measured increase of the mean loss without the channel";
                    });
        }
        facts.putAll(made);
        return new AblationReport(
                model.name(),
                pictures.name(),
                settings.fill(),
                outcome.result().layers(),
                outcome.result().channels(),
                outcome.result().retrained(),
                outcome.unreadable(),
                outcome.missing().map(missing -> "Stopped after " + missing + "."),
                facts);
    }

    public AblationReport {
        layers = List.copyOf(layers);
        channels = List.copyOf(channels);
        unreadable = List.copyOf(unreadable);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /** The intact network on the pictures. */
    public Outcome whole() {
        return layers.isEmpty()
                ? channels.get(0).curves().values().iterator().next().get(0).outcome()
                : layers.get(0).whole();
    }

    /** As JSON; equal reports give equal text. */
    public String html() {
        return new AblationPage(this).html();
    }

    public String json() {
        return AblationSummary.json(this);
    }

    @Override
    public Overview overview() {
        Overview overview = layers.isEmpty()
                ? Overview.of("layer", "channels", "removable within 1 point", "error without all")
                : Overview.of(
                        "removed", "how", "weights", "top-1 error", "increase", "top-5 error", "loss", "fine-tuned");
        for (LayerAblation.Result result : layers) {
            Outcome outcome = result.outcome();
            overview = overview.row(
                    result.removal().stage() + (result.removal().isBlind() ? " †" : ""),
                    result.removal().words(),
                    Long.toString(result.removal().parameters()),
                    percent(outcome.topOneError()),
                    String.format(Locale.ROOT, "%+.1f ± %.1f", 100 * outcome.rise(), 100 * outcome.margin()),
                    percent(outcome.topFiveError()),
                    number(outcome.loss()),
                    retrained
                            .map(found -> found.without().get(result.removal()))
                            .map(learned -> percent(learned.error()))
                            .orElse(""));
        }
        for (ChannelAblation.Result result : channels) {
            List<ChannelAblation.Step> steps = result.curves().get(ChannelAblation.Order.WEAKEST_FIRST);
            overview = overview.row(
                    result.layer(),
                    Integer.toString(result.importance().size()),
                    Integer.toString(result.dispensable(POINT)),
                    percent(steps.get(steps.size() - 1).outcome().topOneError()));
        }
        if (layers.stream().anyMatch(result -> result.removal().isBlind())) {
            overview = overview.below("† removing it blocks the picture completely");
        }
        Overview told = overview.above("Intact network: top-1 error " + percent(whole().topOneError())
                + ", top-5 error " + percent(whole().topFiveError()) + ", loss " + number(whole().loss()) + ", "
                + whole().pictures() + " pictures.");
        return retrained
                .map(found -> told.below("Fine-tuned with " + found.recipe()
                        + ": error on held-out pictures; intact network "
                        + percent(found.whole().error()) + "."))
                .orElse(told);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    /** Writes {@code ablation.html}, {@code ablation.png} and {@code ablation.json}. */
    @Override
    public List<Path> write(Path folder) {
        AblationPage page = new AblationPage(this);
        return new StudyFiles("ablation", model, data)
                .write(folder, page.html(), page.plot().image(page.caption()), json());
    }
}
