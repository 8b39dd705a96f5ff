package dev.vitrine.lens.attribution;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.GraphKey;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.session.Openable;
import dev.vitrine.lens.setting.Settings;
import java.util.Map;

/**
 * Computes how much each part of a picture contributes to an objective. An implementation is a record of the method's
 * hyper-parameters.
 */
public interface Attribution extends GraphKey, Openable<Explainer> {
    /** What the values of an attribution belong to. */
    enum Form {
        /** One value per input element. */
        PIXELS,
        /** One value per position of a layer or of the picture. */
        MAP
    }

    /** How channels are reduced to one number per pixel. */
    enum Reduction {
        /** Σ over channels: contributions add up. */
        SUM,
        /** max |·| over channels, for slopes, whose sign means little. */
        MAXIMUM,
        /** Shown as a color picture centered on gray. */
        COLOR
    }

    /** Meaning of the sign of an attribution. */
    enum Sign {
        SIGNED,
        POSITIVE
    }

    /**
     * A method's name and the interpretation of its values.
     *
     * @param id kebab-case name used on the command line, in files and in the documentation
     */
    record Traits(String id, Form form, Reduction reduction, Sign sign) {}

    Traits traits();

    default String id() {
        return traits().id();
    }

    default Form form() {
        return traits().form();
    }

    default Reduction reduction() {
        return traits().reduction();
    }

    default Sign sign() {
        return traits().sign();
    }

    /** Hyper-parameters by name, for provenance. */
    default Map<String, String> options() {
        return Settings.texts(this);
    }

    /** {@link #options()} resolved for a model: defaults such as the layer are filled in. */
    default Map<String, String> optionsOn(Model model) {
        return options();
    }

    /**
     * The method with defaults that depend on the objective resolved, such as the layer of a class activation map for a
     * unit. A usage error if the method does not apply to the objective.
     */
    default Attribution settled(Model model, Objective objective) {
        return this;
    }

    /** Shape of the attribution of one sample: the input's for {@link Form#PIXELS}, {@code [1,1,h,w]} for a map. */
    default long[] shape(Model model) {
        return model.sampleShape();
    }

    /** Approximate number of network evaluations per picture, for progress; a gradient counts as three. */
    default long evaluations(Model model) {
        return 3;
    }

    /** The attribution of one sample as drawn over the picture; values per window become values per pixel. */
    default Tensor shown(Tensor attribution, Model model) {
        return attribution;
    }

    /** Whether it applies to this kind of network, such as detectors; if not, it is left out without a note. */
    default boolean isFor(Model model) {
        return true;
    }

    /** The method, with its model and baseline checked. */
    @Override
    default Explainer open(ModelSession session, Objective objective) {
        PictureAttribution.require(this, session.model());
        Explainer explainer = on(session, objective);
        return this instanceof BaselineAttribution held
                ? new BaselineCheck(session, held, objective, explainer)
                : explainer;
    }

    /** Opens the method; expensive, call once. */
    Explainer on(ModelSession session, Objective objective);
}
