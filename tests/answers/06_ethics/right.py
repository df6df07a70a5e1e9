# ruff: noqa: F811
"""Right answers to assignment 06: `# %% question: how it is done`."""

import numpy as np
import torch


# %% class_shares: NumPy's bincount
def class_shares(p):
    p = np.asarray(p)
    return np.bincount(p.argmax(axis=1), minlength=p.shape[1]) / p.shape[0]


# %% class_shares: one-hot rows, averaged
def class_shares(p):
    return torch.nn.functional.one_hot(p.argmax(dim=-1), p.shape[-1]).double().mean(0)


# %% class_shares: a loop over the classes, a list
def class_shares(p):
    best = p.max(1).indices.tolist()
    return [best.count(k) / len(best) for k in range(p.shape[1])]


# %% class_shares: comparison with each class, float32
def class_shares(p):
    classes = torch.arange(p.shape[1])
    return (p.argmax(1)[:, None] == classes).float().mean(dim=0)


# %% class_shares: a dictionary of counts
def class_shares(p):
    from collections import Counter

    counts = Counter(int(np.argmax(row)) for row in p.numpy())
    return torch.tensor([counts[k] / sum(counts.values()) for k in range(p.size(1))])


# %% drift: NumPy
def drift(shares, wanted):
    shares, wanted = np.asarray(shares), np.asarray(wanted)
    return 0.5 * np.abs(shares - wanted).sum(), shares / wanted


# %% drift: what is gained, where it is gained
def drift(shares, wanted):
    return (shares - wanted).clamp(min=0).sum().item(), shares.div(wanted)


# %% drift: one minus the overlap
def drift(shares, wanted):
    return 1 - torch.minimum(shares, wanted).sum(), (shares / wanted).tolist()


# %% drift: loops
def drift(shares, wanted):
    total, ratio = 0.0, []
    for s, w in zip(shares, wanted, strict=True):
        total += abs(float(s) - float(w))
        ratio.append(float(s) / float(w))
    return [total / 2, ratio]


# %% drift: a norm
def drift(shares, wanted):
    return torch.linalg.vector_norm(shares - wanted, ord=1) / 2, torch.exp(shares.log() - wanted.log())


# %% importance_weights: NumPy
def importance_weights(y, wanted):
    y, wanted = y.numpy(), wanted.numpy()
    share = np.bincount(y, minlength=len(wanted)) / len(y)
    return wanted[y] / share[y]


# %% importance_weights: divided by the mean at the end
def importance_weights(y, wanted):
    raw = wanted[y] / y.bincount(minlength=len(wanted))[y]
    return raw / raw.mean()


# %% importance_weights: a loop over the classes
def importance_weights(y, wanted):
    weights = torch.zeros(len(y), dtype=torch.float64)
    for k in range(len(wanted)):
        own = y == k
        if own.any():
            weights[own] = wanted[k] / own.double().mean()
    return weights


# %% importance_weights: the mean of a one-hot table
def importance_weights(y, wanted):
    table = torch.nn.functional.one_hot(y, len(wanted)).double()
    share = table.mean(0)
    return table @ torch.where(share > 0, wanted / share, torch.zeros_like(share))


# %% importance_weights: a list
def importance_weights(y, wanted):
    labels = y.tolist()
    share = {k: labels.count(k) / len(labels) for k in set(labels)}
    return [float(wanted[k]) / share[k] for k in labels]


# %% importance_weights: unique with its inverse, normalized to the size
def importance_weights(y, wanted):
    classes, inverse, counts = y.unique(return_inverse=True, return_counts=True)
    weights = (wanted[classes] / counts)[inverse]
    return weights * len(y) / weights.sum()


# %% copy_audit: NumPy
def copy_audit(generated, train, held_out, rate):
    def nearest(points):
        return np.sqrt(((points.numpy()[:, None] - train.numpy()[None]) ** 2).sum(-1)).min(1)

    threshold = np.quantile(nearest(held_out), rate)
    return threshold, np.mean(nearest(generated) < threshold)


# %% copy_audit: scikit-learn's neighbors
def copy_audit(generated, train, held_out, rate):
    from sklearn.neighbors import NearestNeighbors

    search = NearestNeighbors(n_neighbors=1).fit(train.numpy())
    new, made = (search.kneighbors(points.numpy())[0][:, 0] for points in (held_out, generated))
    threshold = np.percentile(new, 100 * rate)
    return float(threshold), float((made < threshold).sum() / len(made))


# %% copy_audit: loops
def copy_audit(generated, train, held_out, rate):
    def distance(point):
        return min(float((point - other).pow(2).sum().sqrt()) for other in train)

    threshold = torch.tensor([distance(point) for point in held_out]).quantile(rate).item()
    return threshold, sum(distance(point) < threshold for point in generated) / len(generated)


# %% copy_audit: SciPy's tree
def copy_audit(generated, train, held_out, rate):
    from scipy.spatial import KDTree

    tree = KDTree(train.numpy())
    threshold = torch.quantile(torch.as_tensor(tree.query(held_out.numpy())[0]), rate)
    near = torch.as_tensor(tree.query(generated.numpy())[0]) < threshold
    return [threshold, near.float().mean()]


# %% copy_audit: the twin's distances
def copy_audit(generated, train, held_out, rate):
    from course_utils import metrics

    new, made = (metrics.nearest_neighbors(points, train)[0] for points in (held_out, generated))
    threshold = np.quantile(new, rate)
    return threshold, (made < threshold).mean()


# %% membership_score: torch.sub
def membership_score(log_p_model, log_p_reference):
    return torch.sub(log_p_model, log_p_reference)


# %% membership_score: NumPy
def membership_score(log_p_model, log_p_reference):
    return np.asarray(log_p_model) - np.asarray(log_p_reference)


# %% membership_score: a list
def membership_score(log_p_model, log_p_reference):
    return [float(a) - float(b) for a, b in zip(log_p_model, log_p_reference, strict=True)]


# %% membership_score: minus the difference of the losses
def membership_score(log_p_model, log_p_reference):
    loss_model, loss_reference = -log_p_model, -log_p_reference
    return loss_reference - loss_model


# %% auc: scikit-learn
def auc(members, others):
    from sklearn.metrics import roc_auc_score

    return roc_auc_score([1] * len(members) + [0] * len(others), torch.cat([members, others]).numpy())


# %% auc: SciPy's U statistic
def auc(members, others):
    from scipy.stats import mannwhitneyu

    return mannwhitneyu(members.numpy(), others.numpy()).statistic / (len(members) * len(others))


# %% auc: loops
def auc(members, others):
    wins = 0.0
    for m in members.tolist():
        for o in others.tolist():
            wins += 1.0 if m > o else 0.5 if m == o else 0.0
    return wins / (len(members) * len(others))


# %% auc: ranks
def auc(members, others):
    from scipy.stats import rankdata

    ranks = rankdata(np.concatenate([members, others]))
    n, m = len(members), len(others)
    return (ranks[:n].sum() - n * (n + 1) / 2) / (n * m)


# %% auc: the sign of the difference
def auc(members, others):
    return 0.5 + torch.sign(members.unsqueeze(1) - others.unsqueeze(0)).mean() / 2


# %% auc: sorted others
def auc(members, others):
    ordered = others.sort().values
    below = torch.searchsorted(ordered, members, right=False)
    upto = torch.searchsorted(ordered, members, right=True)
    return ((below + upto).double() / 2).mean().item() / len(others)


# %% tpr_at_fpr: the threshold is one of the others' largest scores
def tpr_at_fpr(members, others, fpr):
    allowed = int(fpr * len(others) + 1e-9)
    if allowed >= len(others):
        return 1.0
    return (members > others.sort(descending=True).values[allowed]).double().mean()


# %% tpr_at_fpr: float32 means of comparisons
def tpr_at_fpr(members, others, fpr):
    best = torch.tensor(0.0)
    for t in torch.cat([others, torch.tensor([-float("inf")])]):
        if (others > t).float().mean().item() <= fpr:
            best = torch.maximum(best, (members > t).float().mean())
    return best


# %% tpr_at_fpr: float32 shares of a count
def tpr_at_fpr(members, others, fpr):
    share = np.float32([np.sum(others.numpy() > t) for t in np.append(others, -np.inf)]) / np.float32(len(others))
    found = np.float32([np.mean(members.numpy() > t) for t in np.append(others, -np.inf)])
    return found[share <= np.float32(fpr)].max()


# %% tpr_at_fpr: scikit-learn's ROC curve
def tpr_at_fpr(members, others, fpr):
    from sklearn.metrics import roc_curve

    labels = np.r_[np.ones(len(members)), np.zeros(len(others))]
    x, y, _ = roc_curve(labels, np.r_[members.numpy(), others.numpy()], drop_intermediate=False)
    return y[x <= fpr].max()


# %% tpr_at_fpr: every score and minus infinity as thresholds, NumPy
def tpr_at_fpr(members, others, fpr):
    members, others, best = np.asarray(members), np.asarray(others), 0.0
    for t in [-np.inf, *members, *others]:
        if np.mean(others > t) <= fpr:
            best = max(best, np.mean(members > t))
    return best


# %% tpr_at_fpr: a table of all thresholds
def tpr_at_fpr(members, others, fpr):
    t = torch.cat([torch.tensor([-float("inf")]).double(), members, others])
    false, true = ((scores[:, None] > t).double().mean(0) for scores in (others, members))
    return true[false <= fpr].max().item()
