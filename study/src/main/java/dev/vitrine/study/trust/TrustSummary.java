package dev.vitrine.study.trust;

import dev.vitrine.lens.metric.Curve;
import dev.vitrine.study.sanity.Similarity;
import dev.vitrine.study.trust.TrustReport.Control;
import dev.vitrine.study.trust.TrustReport.Method;
import dev.vitrine.study.trust.TrustReport.StageResult;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A {@link TrustReport} as JSON. */
final class TrustSummary {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");

    private TrustSummary() {}

    static String json(TrustReport report) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("model", report.model());
        root.put("partial", report.missing().isPresent());
        report.missing().ifPresent(missing -> root.put("missing", missing));
        ObjectNode criterion = root.putObject("criterion");
        criterion.put("limit", report.criterion().limit());
        criterion.put("words", report.criterion().words());
        root.put("layers", report.found().layers());
        ArrayNode pictures = root.putArray("pictures");
        report.found().pictures().forEach(pictures::add);
        ArrayNode methods = root.putArray("methods");
        report.methods().forEach(method -> method(methods.addObject(), method, report));
        control(root.putObject("randomMap"), report.found().chance());
        ObjectNode facts = root.putObject("facts");
        report.facts().forEach(facts::put);
        return text(root);
    }

    static String text(ObjectNode root) {
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withObjectIndenter(LINES).withArrayIndenter(LINES);
        return MAPPER.writer().with(printer).writeValueAsString(root) + "\n";
    }

    private static void method(ObjectNode node, Method method, TrustReport report) {
        node.put("method", method.id());
        node.put("title", method.title());
        ObjectNode options = node.putObject("options");
        method.options().forEach(options::put);
        report.verdict(method)
                .ifPresent(verdict -> node.putObject("sanity")
                        .put("outcome", verdict.outcome().name().toLowerCase(Locale.ROOT))
                        .put("similarityAboveChance", verdict.similarity())
                        .put("measure", verdict.measure())
                        .put("randomLayers", verdict.stage().layers()));
        similarity(node.putObject("betweenPictures"), method.betweenPictures());
        stages(node.putArray("cascading"), method.cascading());
        stages(node.putArray("independent"), method.independent());
        control(node, method.measured());
    }

    private static void stages(ArrayNode array, List<StageResult> stages) {
        stages.forEach(result -> similarity(
                array.addObject()
                        .put("layer", result.stage().label())
                        .put("randomLayers", result.stage().layers()),
                result.mean()));
    }

    static void similarity(ObjectNode node, Similarity mean) {
        node.put("spearmanWithSign", mean.signed())
                .put("spearmanWithoutSign", mean.unsigned())
                .put("ssim", mean.structural());
    }

    static void control(ObjectNode node, Control measured) {
        ObjectNode measures = node.putObject("measures");
        measured.measures().forEach((measure, value) -> measures.put(measure.key(), value));
        measured.deletion().ifPresent(curve -> curve(node.putObject("deletion"), curve));
        measured.insertion().ifPresent(curve -> curve(node.putObject("insertion"), curve));
    }

    private static void curve(ObjectNode node, Curve curve) {
        ArrayNode shares = node.putArray("shares");
        curve.shares().forEach(shares::add);
        ArrayNode scores = node.putArray("scores");
        curve.scores().forEach(scores::add);
    }
}
