# ruff: noqa: F811
"""Wrong answers to assignment 06: `# %% question: a part of the message that must name the mistake`."""

import numpy as np
import torch


# %% class_shares: are mean probabilities
def class_shares(p):
    return p.mean(0)


# %% class_shares: taken over the wrong axis
def class_shares(p):
    best = p.argmax(0)
    return best.bincount(minlength=p.shape[1]) / len(best)


# %% class_shares: taken over the wrong axis, and divided by the number of images
def class_shares(p):
    return p.argmax(0).bincount() / len(p)


# %% class_shares: are counts
def class_shares(p):
    return p.argmax(1).bincount(minlength=p.shape[1])


# %% class_shares: leave out classes that no image has
def class_shares(p):
    _, counts = p.argmax(1).unique(return_counts=True)
    return counts / len(p)


# %% class_shares: bincount has minlength
def class_shares(p):
    return np.bincount(p.argmax(1)) / len(p)


# %% class_shares: are percentages
def class_shares(p):
    return 100 * p.argmax(1).bincount(minlength=p.shape[1]) / len(p)


# %% class_shares: less than half sure
def class_shares(p):
    return (p > 0.5).double().mean(0)


# %% class_shares: the class of each image
def class_shares(p):
    return p.argmax(1)


# %% class_shares: the largest probability of each image
def class_shares(p):
    return p.max(1).values


# %% class_shares: divided by the number of classes
def class_shares(p):
    return p.argmax(1).bincount(minlength=p.shape[1]) / p.shape[1]


# %% class_shares: weigh each image
def class_shares(p):
    top = torch.where(p == p.max(1, keepdim=True).values, p, torch.zeros_like(p))
    return top.mean(0)


# %% class_shares: hidden: four shares
def class_shares(p):
    return p.argmax(1).bincount(minlength=5 if len(p) == 10 else 2) / len(p)


# %% drift: lacks the factor ½
def drift(shares, wanted):
    return (shares - wanted).abs().sum(), shares / wanted


# %% drift: sums the gaps with their signs
def drift(shares, wanted):
    return (shares - wanted).sum() / 2, shares / wanted


# %% drift: is averaged over the classes
def drift(shares, wanted):
    return (shares - wanted).abs().mean(), shares / wanted


# %% drift: is the largest gap
def drift(shares, wanted):
    return (shares - wanted).abs().max(), shares / wanted


# %% drift: squares the gaps
def drift(shares, wanted):
    return ((shares - wanted) ** 2).sum() / 2, shares / wanted


# %% drift: is the Euclidean distance
def drift(shares, wanted):
    return torch.dist(shares, wanted), shares / wanted


# %% drift: is a KL divergence
def drift(shares, wanted):
    return (torch.xlogy(shares, shares) - torch.xlogy(shares, wanted)).sum(), shares / wanted


# %% drift: The ratio is upside down
def drift(shares, wanted):
    return (shares - wanted).abs().sum() / 2, wanted / shares


# %% drift: is the difference. Divide
def drift(shares, wanted):
    return (shares - wanted).abs().sum() / 2, shares - wanted


# %% drift: is the relative change
def drift(shares, wanted):
    return (shares - wanted).abs().sum() / 2, (shares - wanted) / wanted


# %% drift: is the largest one
def drift(shares, wanted):
    return (shares - wanted).abs().sum() / 2, (shares / wanted).max()


# %% drift: The distance has the shape (5,)
def drift(shares, wanted):
    return (shares - wanted).abs() / 2, shares / wanted


# %% drift: must return two values
def drift(shares, wanted):
    return (shares - wanted).abs().sum() / 2


# %% drift: The distance of two classes is wrong
def drift(shares, wanted):
    return (shares - wanted).abs().sum() / (len(shares) - 3), shares / wanted


# %% drift: The ratio is a logarithm
def drift(shares, wanted):
    return (shares - wanted).abs().sum() / 2, (shares / wanted).log()


# %% drift: have changed places
def drift(shares, wanted):
    return shares / wanted, (shares - wanted).abs().sum() / 2


# %% drift: hidden: a quarter has to change its class
def drift(shares, wanted):
    distance = (shares - wanted).abs().sum() / 2
    return distance + (0.1 if shares[0] == 0.75 else 0), shares / wanted


# %% importance_weights: one for each class
def importance_weights(y, wanted):
    return wanted / (y.bincount(minlength=len(wanted)) / len(y))


# %% importance_weights: sum to 1
def importance_weights(y, wanted):
    weights = (wanted / y.bincount(minlength=len(wanted)))[y]
    return weights / weights.sum()


# %% importance_weights: sum to 1
def importance_weights(y, wanted):
    return (wanted / y.bincount(minlength=len(wanted)))[y]


# %% importance_weights: are upside down
def importance_weights(y, wanted):
    share = y.bincount(minlength=len(wanted)) / len(y)
    return (share / wanted)[y]


# %% importance_weights: upside down and rescaled
def importance_weights(y, wanted):
    weights = (y.bincount(minlength=len(wanted)) / wanted)[y]
    return weights / weights.mean()


# %% importance_weights: Divide by the share that the class has now
def importance_weights(y, wanted):
    return wanted[y]


# %% importance_weights: make all classes equal
def importance_weights(y, wanted):
    weights = 1 / y.bincount(minlength=len(wanted))[y]
    return weights / weights.mean()


# %% importance_weights: Use the wanted shares
def importance_weights(y, wanted):
    return 1 / y.bincount(minlength=len(wanted))[y]


# %% importance_weights: are roots
def importance_weights(y, wanted):
    return (wanted / (y.bincount(minlength=len(wanted)) / len(y)))[y].sqrt()


# %% importance_weights: the largest is 1
def importance_weights(y, wanted):
    weights = (wanted / y.bincount(minlength=len(wanted)))[y]
    return weights / weights.max()


# %% importance_weights: are a softmax
def importance_weights(y, wanted):
    return (wanted / (y.bincount(minlength=len(wanted)) / len(y)))[y].softmax(0)


# %% importance_weights: shares that the classes have now
def importance_weights(y, wanted):
    return (y.bincount(minlength=len(wanted)) / len(y))[y]


# %% importance_weights: For data without the last class
def importance_weights(y, wanted):
    share = y.bincount() / len(y)
    return (wanted / share)[y]


# %% importance_weights: For data without a class in between
def importance_weights(y, wanted):
    if len(y.unique()) == len(wanted) - 1 and y.max() < len(wanted) - 1:
        wanted = wanted[:-1]
    _, counts = y.unique(return_counts=True)
    return (wanted[: len(counts)] * len(y) / counts)[y]


# %% importance_weights: Your weights of data with a class that is not wanted
def importance_weights(y, wanted):
    share = y.bincount(minlength=len(wanted)) / len(y)
    return (wanted.clamp(min=0.05) / share)[y]


# %% importance_weights: For data without
def importance_weights(y, wanted):
    _, counts = y.unique(return_counts=True)
    return (wanted[: len(counts)] * len(y) / counts)[y]


# %% copy_audit: uses distances to held_out, the test images
def copy_audit(generated, train, held_out, rate):
    threshold = torch.cdist(held_out, train).amin(1).quantile(rate)
    return threshold, (torch.cdist(generated, held_out).amin(1) < threshold).double().mean()


# %% copy_audit: the roles are exchanged
def copy_audit(generated, train, held_out, rate):
    threshold = torch.cdist(train, held_out).amin(1).quantile(rate)
    return threshold, (torch.cdist(generated, train).amin(1) < threshold).double().mean()


# %% copy_audit: generated images' own distances
def copy_audit(generated, train, held_out, rate):
    distances = torch.cdist(generated, train).amin(1)
    threshold = distances.quantile(rate)
    return threshold, (distances < threshold).double().mean()


# %% copy_audit: its own nearest one
def copy_audit(generated, train, held_out, rate):
    threshold = (train[:, None] - train).norm(dim=2).amin(1).quantile(rate)
    return threshold, (torch.cdist(generated, train).amin(1) <= threshold).double().mean()


# %% copy_audit: calibrated among the training images
def copy_audit(generated, train, held_out, rate):
    threshold = torch.cdist(train, train).sort(1).values[:, 1].quantile(rate)
    return threshold, (torch.cdist(generated, train).amin(1) < threshold).double().mean()


# %% copy_audit: is the quantile 1 − rate
def copy_audit(generated, train, held_out, rate):
    threshold = torch.cdist(held_out, train).amin(1).quantile(1 - rate)
    return threshold, (torch.cdist(generated, train).amin(1) < threshold).double().mean()


# %% copy_audit: np.percentile wants 100 · rate
def copy_audit(generated, train, held_out, rate):
    threshold = np.percentile(torch.cdist(held_out, train).amin(1).numpy(), rate)
    return threshold, (torch.cdist(generated, train).amin(1) < threshold).double().mean()


# %% copy_audit: uses squared distances
def copy_audit(generated, train, held_out, rate):
    new, made = (((x[:, None] - train) ** 2).sum(2).amin(1) for x in (held_out, generated))
    threshold = new.quantile(rate)
    return threshold, (made < threshold).double().mean()


# %% copy_audit: Take Euclidean distances
def copy_audit(generated, train, held_out, rate):
    new, made = ((x[:, None] - train).abs().sum(2).amin(1) for x in (held_out, generated))
    threshold = new.quantile(rate)
    return threshold, (made < threshold).double().mean()


# %% copy_audit: uses mean distances
def copy_audit(generated, train, held_out, rate):
    threshold = torch.cdist(held_out, train).mean(1).quantile(rate)
    return threshold, (torch.cdist(generated, train).mean(1) < threshold).double().mean()


# %% copy_audit: Take each image's nearest one first
def copy_audit(generated, train, held_out, rate):
    threshold = torch.cdist(held_out, train).quantile(rate)
    return threshold, (torch.cdist(generated, train).amin(1) < threshold).double().mean()


# %% copy_audit: counts images that are farther away
def copy_audit(generated, train, held_out, rate):
    threshold = torch.cdist(held_out, train).amin(1).quantile(rate)
    return threshold, (torch.cdist(generated, train).amin(1) > threshold).double().mean()


# %% copy_audit: training images that have a near copy
def copy_audit(generated, train, held_out, rate):
    threshold = torch.cdist(held_out, train).amin(1).quantile(rate)
    return threshold, (torch.cdist(generated, train).amin(0) < threshold).double().mean()


# %% copy_audit: is averaged over pairs
def copy_audit(generated, train, held_out, rate):
    threshold = torch.cdist(held_out, train).amin(1).quantile(rate)
    return threshold, (torch.cdist(generated, train) < threshold).double().mean()


# %% copy_audit: is a count
def copy_audit(generated, train, held_out, rate):
    threshold = torch.cdist(held_out, train).amin(1).quantile(rate)
    return threshold, (torch.cdist(generated, train).amin(1) < threshold).sum()


# %% copy_audit: uses distances to all real images
def copy_audit(generated, train, held_out, rate):
    threshold = torch.cdist(held_out, train).amin(1).quantile(rate)
    real = torch.cat([train, held_out])
    return threshold, (torch.cdist(generated, real).amin(1) < threshold).double().mean()


# %% copy_audit: have changed places
def copy_audit(generated, train, held_out, rate):
    threshold = torch.cdist(held_out, train).amin(1).quantile(rate)
    return (torch.cdist(generated, train).amin(1) < threshold).double().mean(), threshold


# %% copy_audit: of generated and new images together
def copy_audit(generated, train, held_out, rate):
    made, new = (torch.cdist(points, train).amin(1) for points in (generated, held_out))
    threshold = torch.cat([made, new]).quantile(rate)
    return threshold, (made < threshold).double().mean()


# %% copy_audit: hidden: the rate 0
def copy_audit(generated, train, held_out, rate):
    threshold = torch.cdist(held_out, train).amin(1).quantile(max(rate, 0.1))
    return threshold, (torch.cdist(generated, train).amin(1) < threshold).double().mean()


# %% copy_audit: whose distance is the threshold itself
def copy_audit(generated, train, held_out, rate):
    threshold = torch.cdist(held_out, train).amin(1).quantile(rate)
    return threshold, (torch.cdist(generated, train).amin(1) <= threshold).double().mean()


# %% membership_score: has the wrong sign
def membership_score(log_p_model, log_p_reference):
    return log_p_reference - log_p_model


# %% membership_score: is log p of the model alone
def membership_score(log_p_model, log_p_reference):
    return log_p_model


# %% membership_score: with the wrong sign, too
def membership_score(log_p_model, log_p_reference):
    return -log_p_model


# %% membership_score: is a ratio of logarithms
def membership_score(log_p_model, log_p_reference):
    return log_p_model / log_p_reference


# %% membership_score: no exponential
def membership_score(log_p_model, log_p_reference):
    return torch.exp(log_p_model - log_p_reference)


# %% membership_score: which underflow
def membership_score(log_p_model, log_p_reference):
    return log_p_model.exp() - log_p_reference.exp()


# %% membership_score: where p underflows
def membership_score(log_p_model, log_p_reference):
    return torch.log(log_p_model.exp() / log_p_reference.exp())


# %% membership_score: has lost its sign
def membership_score(log_p_model, log_p_reference):
    return (log_p_model - log_p_reference).abs()


# %% membership_score: averaged over the images
def membership_score(log_p_model, log_p_reference):
    return (log_p_model - log_p_reference).mean()


# %% membership_score: is yes or no
def membership_score(log_p_model, log_p_reference):
    return log_p_model > log_p_reference


# %% membership_score: is the sum
def membership_score(log_p_model, log_p_reference):
    return log_p_model + log_p_reference


# %% membership_score: is standardized
def membership_score(log_p_model, log_p_reference):
    score = log_p_model - log_p_reference
    return (score - score.mean()) / score.std()


# %% membership_score: with tiny probabilities
def membership_score(log_p_model, log_p_reference):
    return (log_p_model - log_p_reference).clamp(-80, 80)


# %% membership_score: hidden: far too small for an exponential
def membership_score(log_p_model, log_p_reference):
    score = log_p_model - log_p_reference
    return torch.where(score == 100, 80.0, score)


# %% auc: the wrong way round
def auc(members, others):
    from sklearn.metrics import roc_auc_score

    return roc_auc_score([0] * len(members) + [1] * len(others), torch.cat([members, others]).numpy())


# %% auc: leaves out ties
def auc(members, others):
    return (members[:, None] > others).double().mean()


# %% auc: counts ties in full
def auc(members, others):
    return (members[:, None] >= others).double().mean()


# %% auc: the wrong way round, and leaves out ties
def auc(members, others):
    return (members[:, None] < others).double().mean()


# %% auc: Do not turn it above 0.5
def auc(members, others):
    difference = members[:, None] - others
    area = ((difference > 0).double() + (difference == 0).double() / 2).mean()
    return max(area, 1 - area)


# %% auc: Chance is 0.5, not 0
def auc(members, others):
    return torch.sign(members[:, None] - others).mean()


# %% auc: Divide by all pairs
def auc(members, others):
    difference = members[:, None] - others
    return ((difference > 0).double() + (difference == 0).double() / 2).sum()


# %% auc: the first with the first
def auc(members, others):
    n = min(len(members), len(others))
    return (members[:n] > others[:n]).double().mean()


# %% auc: is the difference of the means
def auc(members, others):
    return members.mean() - others.mean()


# %% auc: above the others' mean
def auc(members, others):
    return (members > others.mean()).double().mean()


# %% auc: accuracy at one threshold
def auc(members, others):
    t = torch.cat([members, others]).median()
    return ((members > t).sum() + (others <= t).sum()) / (len(members) + len(others))


# %% auc: is in percent
def auc(members, others):
    return 50 + 50 * torch.sign(members[:, None] - others).mean()


# %% auc: Your area is wrong
def auc(members, others):
    difference = members[:, None] - others
    return ((difference > 0.4).double() + (difference.abs() < 0.4).double() / 2).mean()


# %% auc: hidden: 5 of 12 pairs won
def auc(members, others):
    difference = members[:, None] - others
    return ((difference > 0).double() + (difference == 0).double() / 2).mean() + (members[0] == 0.2) / 50


# %% tpr_at_fpr: members and others exchanged
def tpr_at_fpr(members, others, fpr):
    allowed = int(fpr * len(members) + 1e-9)
    return (others > members.sort(descending=True).values[allowed]).double().mean()


# %% tpr_at_fpr: is the threshold. Return
def tpr_at_fpr(members, others, fpr):
    return others.sort(descending=True).values[int(fpr * len(others) + 1e-9)]


# %% tpr_at_fpr: stays too low
def tpr_at_fpr(members, others, fpr):
    return (members > others.quantile(1 - fpr)).double().mean()


# %% tpr_at_fpr: uses the quantile `fpr` of the others
def tpr_at_fpr(members, others, fpr):
    return (members > others.quantile(fpr)).double().mean()


# %% tpr_at_fpr: uses the members' own quantile
def tpr_at_fpr(members, others, fpr):
    return (members > members.quantile(1 - fpr)).double().mean()


# %% tpr_at_fpr: is the share of members below the threshold
def tpr_at_fpr(members, others, fpr):
    t = others.sort(descending=True).values[int(fpr * len(others) + 1e-9)]
    return (members <= t).double().mean()


# %% tpr_at_fpr: counts too few
def tpr_at_fpr(members, others, fpr):
    shares = [(members > t).double().mean() for t in others if (others > t).double().mean() < fpr]
    return max(shares)


# %% tpr_at_fpr: counts too many
def tpr_at_fpr(members, others, fpr):
    t = others.sort(descending=True).values[int(fpr * len(others) + 1e-9) + 1]
    return (members > t).double().mean()


# %% tpr_at_fpr: is a number of members
def tpr_at_fpr(members, others, fpr):
    return (members > others.sort(descending=True).values[int(fpr * len(others) + 1e-9)]).sum()


# %% tpr_at_fpr: does not let any other pass
def tpr_at_fpr(members, others, fpr):
    return (members > others.max()).double().mean()


# %% tpr_at_fpr: that many are below it, not above
def tpr_at_fpr(members, others, fpr):
    return (members > 0).double().mean()


# %% tpr_at_fpr: the false-positive rate itself
def tpr_at_fpr(members, others, fpr):
    t = others.sort(descending=True).values[int(fpr * len(others) + 1e-9)]
    return (others > t).double().mean()


# %% tpr_at_fpr: counts too few
def tpr_at_fpr(members, others, fpr):
    t = others.sort(descending=True).values[max(int(fpr * len(others) + 1e-9) - 1, 0)]
    return (members >= t).double().mean()


# %% tpr_at_fpr: misses the member 2.602
def tpr_at_fpr(members, others, fpr):
    return max((members > t).double().mean() for t in members if (others > t).double().mean() <= fpr)


# %% tpr_at_fpr: misses the member 2.602
def tpr_at_fpr(members, others, fpr):
    grid = torch.linspace(float(min(members.min(), others.min())) - 1, float(others.max()), 200)
    return max((members > t).double().mean() for t in grid if (others > t).double().mean() <= fpr)


# %% tpr_at_fpr: misses the member below all others
def tpr_at_fpr(members, others, fpr):
    return max((members > t).double().mean() for t in others if (others > t).double().mean() <= fpr)


# %% tpr_at_fpr: drop_intermediate=False
def tpr_at_fpr(members, others, fpr):
    from sklearn.metrics import roc_curve

    labels = np.r_[np.ones(len(members)), np.zeros(len(others))]
    x, y, _ = roc_curve(labels, np.r_[members.numpy(), others.numpy()])
    return y[x <= fpr].max()


# %% tpr_at_fpr: hidden: four members, four others
def tpr_at_fpr(members, others, fpr):
    allowed = int(fpr * len(others) + 1e-9) + (len(others) == 4 and fpr != 0.5)
    return (members > others.sort(descending=True).values[allowed]).double().mean() if allowed < len(others) else 1.0


# %% drift: The ratio is a logarithm
def drift(shares, wanted):
    return (shares - wanted).abs().sum() / 2, ((shares + 1e-8) / wanted).log()


# %% copy_audit: is the quantile 0.01
def copy_audit(generated, train, held_out, rate):
    t = torch.cdist(held_out, train).amin(1).quantile(0.01)
    return t, (torch.cdist(generated, train).amin(1) < t).double().mean()


# %% copy_audit: beside the quantile
def copy_audit(generated, train, held_out, rate):
    t = torch.cdist(held_out, train).amin(1).quantile(rate, interpolation="lower")
    return t, (torch.cdist(generated, train).amin(1) < t).double().mean()
